import { DataType, Field, Float32, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import { ManifestError } from '../errors.js';

/** The columns that we add to a manifest, in their order. */
const added: readonly (readonly [name: OwnColumn, type: DataType])[] = [
  ['source', new Utf8()],
  ['score', new Float32()],
  ['novelty', new Float32()],
  ['nearest', new Utf8()],
  ['generator', new Utf8()],
  ['seed', new Int64()],
  ['index', new Int32()],
];
export type OwnColumn = 'source' | 'score' | 'novelty' | 'nearest' | 'generator' | 'seed' | 'index';

/** Stands before a name that a column of another type has already. */
const PREFIX = 'evenset_';

/** The output's schema and the name that each of our columns has in it. */
export interface OutputSchema {
  readonly schema: Schema;
  readonly own: ReadonlyMap<OwnColumn, string>;
  /** Our columns that the input does not have. */
  readonly added: readonly Field[];
  /** Names that had to be changed. */
  readonly renamed: readonly string[];
}

/**
 * The input's fields and our own; every field can be null, because generated rows know only ours.
 *
 * @throws ManifestError on a column whose type cannot be carried through
 */
export function outputSchema(input: Schema, file: string): OutputSchema {
  const own = ownColumns(input);
  const fields = input.fields.map((field) => {
    assertCarried(field, file);
    return new Field(field.name, field.type, true, field.metadata);
  });
  const missing = added
    .filter(([name]) => !input.fields.some((field) => field.name === own.get(name)))
    .map(([name, type]) => new Field(own.get(name) ?? name, type, true));
  return {
    schema: new Schema([...fields, ...missing], input.metadata),
    own,
    added: missing,
    renamed: [...own].filter(([name, used]) => name !== used).map(([name]) => name),
  };
}

/** The name of each of our columns beside the columns of `schema`. */
export function ownColumns(schema: Schema): Map<OwnColumn, string> {
  return new Map(
    added.map(([name, type]) => {
      const prefixed = `${PREFIX}${name}`;
      const field = schema.fields.find((one) => one.name === name);
      const isTaken = field !== undefined && (field.type as DataType).typeId !== type.typeId;
      return [name, isTaken ? prefixed : name];
    }),
  );
}

function assertCarried(field: Field, file: string): void {
  const nested = nestedTypes(field.type as DataType);
  if (nested.some((type) => DataType.isUnion(type) || DataType.isDictionary(type))) {
    throw new ManifestError(
      `The column "${field.name}" of ${file} has the type ${String(field.type)}, which cannot be carried through; drop or flatten it.`,
    );
  }
}

/** The types inside a type; a dictionary's own values are plain. */
function nestedTypes(type: DataType): DataType[] {
  if (DataType.isUnion(type)) return [type];
  const inner = DataType.isDictionary(type) ? (type.dictionary as DataType) : type;
  // Plain types have no list of children.
  const children = (inner.children as readonly Field<DataType>[] | undefined | null) ?? [];
  return children.flatMap((child) => [child.type, ...nestedTypes(child.type)]);
}
