import { smallestPerRow } from '../distances/smallest-per-row.js';
import type { PairBlocks } from '../distances/pair-blocks.js';

/**
 * The squared distance of each row to its k-th nearest other row: the radius of the ball by which precision, recall,
 * density and coverage describe where a set lies.
 *
 * @param distances squared distances
 * @param features [n, d], n above k
 * @throws RangeError for fewer rows
 */
export async function neighbourRadii(
  distances: PairBlocks,
  features: Float32Array,
  k: number,
): Promise<Float64Array> {
  const count = features.length / distances.dimensions;
  if (count <= k) {
    throw new RangeError(
      `Expected more than ${k} images to find each one's ${k} nearest others but received ${count}.`,
    );
  }
  const nearest = smallestPerRow(count, k);
  for await (const { rowFrom, rows, columnFrom, columns, values, stride } of distances.blocks(
    features,
    features,
  )) {
    for (let i = 0; i < rows; i++) {
      const row = rowFrom + i;
      for (let j = 0; j < columns; j++) {
        const column = columnFrom + j;
        if (row !== column) nearest.add(row, column, values[i * stride + j] ?? 0);
      }
    }
  }
  return Float64Array.from({ length: count }, (_, row) => nearest.values[row * k + k - 1] ?? 0);
}
