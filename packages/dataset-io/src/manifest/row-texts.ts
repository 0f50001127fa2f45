/** Texts of rows, or null; an array of them is such a list too. */
export interface RowTexts extends Iterable<string | null> {
  readonly length: number;
  at(row: number): string | null | undefined;
}

/** Reads the texts of `length` rows one by one. */
export function* textsOfRows(
  length: number,
  at: (row: number) => string | null | undefined,
): Generator<string | null> {
  for (let row = 0; row < length; row++) yield at(row) ?? null;
}
