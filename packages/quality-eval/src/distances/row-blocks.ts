/** Some rows of a matrix, padded with zeros to a fixed number of rows. */
interface RowBlock {
  readonly from: number;
  readonly rows: number;
  readonly values: Float32Array;
}

/** The rows of a matrix [n, columns] in blocks of `length` rows, the last one filled with zeros. */
export function* rowBlocks(
  matrix: Float32Array,
  columns: number,
  length: number,
): Generator<RowBlock> {
  const count = matrix.length / columns;
  for (let from = 0; from < count; from += length) {
    const rows = Math.min(length, count - from);
    const own = matrix.subarray(from * columns, (from + rows) * columns);
    if (rows === length) {
      yield { from, rows, values: own };
    } else {
      const values = new Float32Array(length * columns);
      values.set(own);
      yield { from, rows, values };
    }
  }
}
