/** The k smallest values seen in each row, in ascending order. */
export interface SmallestPerRow {
  /** [rows, k], Infinity where fewer were seen. */
  readonly values: Float64Array;
  /** Where each of them was seen, [rows, k], -1 where fewer were. */
  readonly columns: Int32Array;
  /** Takes a value in if it is among the row's k smallest so far. */
  add(row: number, column: number, value: number): void;
}

/** An empty list of `k` values for each row. */
export function smallestPerRow(rows: number, k: number): SmallestPerRow {
  const values = new Float64Array(rows * k).fill(Infinity);
  const columns = new Int32Array(rows * k).fill(-1);
  return {
    values,
    columns,
    add(row, column, value) {
      const first = row * k;
      let at = first + k - 1;
      if (!(value < (values[at] ?? -Infinity))) return;
      for (; at > first && value < (values[at - 1] ?? -Infinity); at--) {
        values[at] = values[at - 1] ?? 0;
        columns[at] = columns[at - 1] ?? -1;
      }
      values[at] = value;
      columns[at] = column;
    },
  };
}
