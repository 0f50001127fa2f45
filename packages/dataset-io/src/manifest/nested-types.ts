import type { DataType, Field } from 'apache-arrow';

/** All types inside a type. */
export function nestedTypes(type: DataType): DataType[] {
  // Plain types have no list of children.
  const children = (type.children as readonly Field<DataType>[] | undefined | null) ?? [];
  return children.flatMap((child) => [child.type, ...nestedTypes(child.type)]);
}
