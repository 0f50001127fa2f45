import {
  DataType,
  makeData,
  RecordBatch,
  Struct,
  vectorFromArray,
  type Data,
  type Schema,
} from 'apache-arrow';
import { encodeShared, type SharedDictionaries } from './shared-dictionaries.js';

/** Values as the data of the column at a position. */
export function columnOf(
  at: number,
  type: DataType,
  values: readonly unknown[],
  shared: SharedDictionaries,
): Data {
  if (DataType.isDictionary(type)) return encodeShared(shared, at, values);
  const isWide = DataType.isInt(type) && type.bitWidth === 64;
  const fitting = isWide
    ? values.map((value) => (typeof value === 'number' ? BigInt(value) : value))
    : values;
  const data = vectorFromArray(fitting, type).data[0];
  if (!data) throw new Error(`The column at ${at} cannot be built.`);
  return data;
}

/** A record batch of columns in the schema's order. */
export function batchOf(schema: Schema, length: number, children: Data[]): RecordBatch {
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length, nullCount: 0, children }));
}
