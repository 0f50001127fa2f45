import { Bool, Float64, Int64, Utf8, vectorFromArray, type Vector } from 'apache-arrow';

/** What a listing says of an image beside its file name, label and split. */
export type ListedValues = Readonly<Record<string, unknown>>;

/**
 * The further columns of a listing as Arrow columns: whole numbers (Int64), numbers (Float64), booleans (Bool), and
 * everything else as text (Utf8), in which nested values are JSON. A value that is missing or empty is null.
 *
 * @param rows one for each image
 * @param taken names of other columns; a listed one of such a name becomes `listed_<name>`, or that behind another
 *   `listed_` where it is listed too
 */
export function listedColumns(
  rows: readonly ListedValues[],
  taken: readonly string[],
): Record<string, Vector> {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const freeName = (name: string): string =>
    names.has(name) || taken.includes(name) ? freeName(`listed_${name}`) : name;
  return Object.fromEntries(
    Array.from(names, (name) => {
      const values = rows.map((row) => presentOf(row[name]));
      return [taken.includes(name) ? freeName(`listed_${name}`) : name, columnOf(values)];
    }),
  );
}

function columnOf(values: readonly unknown[]): Vector {
  const present = values.filter((value) => value !== null);
  const all = (isOne: (value: unknown) => boolean) => present.length > 0 && present.every(isOne);
  if (all(isWhole)) {
    const whole = values.map((value) => (value === null ? null : BigInt(value as number)));
    return vectorFromArray(whole, new Int64());
  }
  if (all((value) => typeof value === 'number')) {
    return vectorFromArray(values as (number | null)[], new Float64());
  }
  if (all((value) => typeof value === 'boolean')) {
    return vectorFromArray(values as (boolean | null)[], new Bool());
  }
  return vectorFromArray(values.map(textOf), new Utf8());
}

function presentOf(value: unknown): unknown {
  return value === undefined || value === '' ? null : value;
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function textOf(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}
