import { DataType, Field, Schema, TimeUnit } from 'apache-arrow';
import { ManifestError } from '../errors.js';
import type { Manifest } from '../manifest/manifest.js';
import { nestedTypes } from '../manifest/nested-types.js';
import { missingColumns, ownColumns, type OwnColumn } from '../manifest/own-columns.js';

/** The output's schema and the name that each of our columns has in it. */
export interface OutputSchema {
  /** The input's fields, then those of our columns that it does not have. */
  readonly schema: Schema;
  readonly own: ReadonlyMap<OwnColumn, string>;
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
  return {
    schema: new Schema([...fields, ...missingColumns(input)], input.metadata),
    own,
    renamed: [...own].filter(([name, used]) => name !== used).map(([name]) => name),
  };
}

/** @throws ManifestError on a column that cannot be carried through to an output */
export function assertCarriedThrough({ arrow, file }: Manifest): void {
  outputSchema(arrow.schema, file);
}

function assertCarried(field: Field, file: string): void {
  const type = field.type as DataType;
  const isOdd = DataType.isDictionary(type)
    ? !isKeptInDictionary(type.dictionary as DataType)
    : [type, ...nestedTypes(type)].some(
        (one) => DataType.isUnion(one) || (one !== type && DataType.isDictionary(one)),
      );
  if (isOdd) {
    throw new ManifestError(
      `The column "${field.name}" of ${file} has the type ${String(field.type)}, which cannot be carried through; drop or flatten it.`,
    );
  }
}

/** Whether a dictionary's values survive being read: times are read in milliseconds. */
function isKeptInDictionary(type: DataType): boolean {
  const isFine =
    DataType.isTimestamp(type) &&
    (type.unit === TimeUnit.MICROSECOND || type.unit === TimeUnit.NANOSECOND);
  return !isFine && nestedTypes(type).length === 0;
}
