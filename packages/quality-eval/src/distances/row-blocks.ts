/** Some rows of a matrix, padded with zeros to one of a few numbers of rows. */
interface RowBlock {
  readonly from: number;
  readonly rows: number;
  /** [length, columns], of which the first `rows` count. */
  readonly values: Float32Array;
  readonly length: number;
}

/** Large blocks bring a matrix product to its speed, small ones waste little on thin classes. */
const LARGE = 1024;
const SMALL = 256;

/** The rows of a matrix [n, columns] in order, in large blocks as long as they fill one, then in small ones. */
export function* rowBlocks(matrix: Float32Array, columns: number): Generator<RowBlock> {
  const count = matrix.length / columns;
  for (let from = 0; from < count;) {
    const length = count - from >= LARGE ? LARGE : SMALL;
    const rows = Math.min(length, count - from);
    let values = matrix.subarray(from * columns, (from + rows) * columns);
    if (rows < length) {
      const padded = new Float32Array(length * columns);
      padded.set(values);
      values = padded;
    }
    yield { from, rows, values, length };
    from += rows;
  }
}
