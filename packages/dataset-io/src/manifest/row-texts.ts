/** Texts of rows, or null. */
export interface RowTexts extends Iterable<string | null> {
  readonly length: number;
  /** Undefined for a row that there is not. */
  at(row: number): string | null | undefined;
}

/** Reads the texts of `length` rows one by one. */
export function* textsOfRows(
  length: number,
  at: (row: number) => string | null | undefined,
): Generator<string | null> {
  for (let row = 0; row < length; row++) yield at(row) ?? null;
}
