/** Some rows of a matrix [n, columns], in the order of their numbers. */
export function rowsOf(
  matrix: Float32Array,
  columns: number,
  rows: ArrayLike<number>,
): Float32Array {
  const chosen = new Float32Array(rows.length * columns);
  Array.from(rows).forEach((row, i) => {
    chosen.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return chosen;
}
