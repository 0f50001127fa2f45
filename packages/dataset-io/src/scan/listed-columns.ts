import { Bool, Float64, Int64, Utf8, vectorFromArray, type Vector } from 'apache-arrow';

/** What a listing says of an image beside its file name, label and split. */
export type ListedValues = Readonly<Record<string, unknown>>;

/** What all values of a column are; those that are missing or empty aside. */
export type Kind = 'whole' | 'number' | 'boolean' | 'text';

/** A further column of a listing. */
export interface ListedColumn {
  readonly name: string;
  /** Undefined where every value is missing. */
  readonly kind: Kind | undefined;
}

/** Whether a value of a listing is none. */
function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** The kind of a value that is there. */
export function kindOf(value: unknown): Kind {
  if (Number.isSafeInteger(value)) return 'whole';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}

/** Learns the columns of a listing, entry by entry. */
export function openListedColumns(kindOfValue: (value: unknown) => Kind) {
  const kinds = new Map<string, Kind | undefined>();
  return {
    learn(values: ListedValues): void {
      for (const [name, value] of Object.entries(values)) {
        const known = kinds.get(name);
        kinds.set(name, isMissing(value) ? known : commonKind(known, kindOfValue(value)));
      }
    },
    columns: () => Array.from(kinds, ([name, kind]): ListedColumn => ({ name, kind })),
  };
}

function commonKind(one: Kind | undefined, other: Kind): Kind {
  if (one === undefined || one === other) return other;
  const isNumber = (kind: Kind) => kind === 'whole' || kind === 'number';
  return isNumber(one) && isNumber(other) ? 'number' : 'text';
}

/**
 * The name of each listed column in a manifest: its own, or with `listed_` before it where another column has that;
 * or with two, where that is listed too.
 *
 * @param taken names of the other columns
 */
export function manifestNames(
  columns: readonly ListedColumn[],
  taken: readonly string[],
): readonly string[] {
  const names = new Set(columns.map(({ name }) => name));
  const freeName = (name: string): string =>
    names.has(name) || taken.includes(name) ? freeName(`listed_${name}`) : name;
  return columns.map(({ name }) => (taken.includes(name) ? freeName(`listed_${name}`) : name));
}

/** How values of a kind become Arrow's; a nested value of a text column is JSON. */
const types = {
  whole: { type: new Int64(), of: (value: unknown) => BigInt(Number(value)) },
  number: { type: new Float64(), of: Number },
  boolean: { type: new Bool(), of: Boolean },
  text: {
    type: new Utf8(),
    of: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
  },
};

/** The Arrow type of a listed column. */
export function typeOf({ kind = 'text' }: ListedColumn): Int64 | Float64 | Bool | Utf8 {
  return types[kind].type;
}

/** A column's values of some images as Arrow's; those that are missing are null. */
export function listedVector(column: ListedColumn, images: readonly ListedValues[]): Vector {
  const { type, of } = types[column.kind ?? 'text'];
  const values = images.map(({ [column.name]: value }) => (isMissing(value) ? null : of(value)));
  return vectorFromArray(values as null[], type);
}
