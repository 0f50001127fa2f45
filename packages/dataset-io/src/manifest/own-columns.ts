import { DataType, Field, Float32, Int32, Int64, Utf8, type Schema } from 'apache-arrow';
import { isText } from './is-text.js';

/** The columns that we add to a manifest. */
export type OwnColumn = 'source' | 'score' | 'novelty' | 'nearest' | 'generator' | 'seed' | 'index';

/** Their types where the manifest does not have them, in their order. */
const types: Readonly<Record<OwnColumn, DataType>> = {
  source: new Utf8(),
  score: new Float32(),
  novelty: new Float32(),
  nearest: new Utf8(),
  generator: new Utf8(),
  seed: new Int64(),
  index: new Int32(),
};

/** Stands before a name that a column of another kind has already. */
const PREFIX = 'evenset_';

/**
 * The name of each of our columns beside the columns of a schema: its own, unless a column of another kind has
 * that name, as a text where we write numbers, or integers too narrow for them.
 */
export function ownColumns(schema: Schema): Map<OwnColumn, string> {
  return new Map(entries().map(([name, type]) => [name, freeName(schema, name, type)]));
}

/** The name of the column in which a person's decisions stand, by the same rule. */
export function reviewColumn(schema: Schema): string {
  return freeName(schema, 'review', new Utf8());
}

/** A name, with a prefix where a column of another kind has it. */
function freeName(schema: Schema, name: string, type: DataType): string {
  const find = (wanted: string) => schema.fields.find((one) => one.name === wanted);
  const field = find(name);
  const isForeign = field !== undefined && !isSameKind(field.type as DataType, type);
  return isForeign || find(PREFIX + name) ? PREFIX + name : name;
}

/** The fields of our columns that a schema does not have. */
export function missingColumns(schema: Schema): Field[] {
  const own = ownColumns(schema);
  return entries().flatMap(([name, type]) => {
    const used = own.get(name) ?? name;
    const isThere = schema.fields.some((field) => field.name === used);
    return isThere ? [] : [new Field(used, type, true)];
  });
}

function entries(): [OwnColumn, DataType][] {
  return Object.entries(types) as [OwnColumn, DataType][];
}

function isSameKind(a: DataType, b: DataType): boolean {
  if (isText(b)) return isText(a);
  if (DataType.isFloat(b)) return DataType.isFloat(a);
  return DataType.isInt(a) && DataType.isInt(b) && a.bitWidth >= b.bitWidth;
}
