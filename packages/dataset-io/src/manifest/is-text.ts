import { DataType } from 'apache-arrow';

/** Whether a type is Utf8, LargeUtf8, a view of them, or a dictionary of those. */
export function isText(type: DataType): boolean {
  const value = DataType.isDictionary(type) ? (type.dictionary as DataType) : type;
  return DataType.isUtf8(value) || DataType.isLargeUtf8(value) || DataType.isUtf8View(value);
}
