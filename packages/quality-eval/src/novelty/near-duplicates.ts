import type { PairBlocks } from '../distances/pair-blocks.js';

/**
 * Which images repeat an earlier one that is kept itself: 1 for those nearer to it than `distance`, else 0.
 *
 * @param distances squared distances
 * @param features [n, d], in the order of preference
 * @returns [n]
 */
export async function nearDuplicates(
  distances: PairBlocks,
  features: Float32Array,
  distance: number,
): Promise<Uint8Array> {
  const repeats = new Uint8Array(features.length / distances.dimensions);
  // Blocks come in the order of their rows, then of their columns: whether column j < i is kept is known at row i.
  for await (const block of distances.blocks(features, features)) {
    const { rowFrom, rows, columnFrom, columns, values, stride } = block;
    for (let i = 0; i < rows; i++) {
      const own = rowFrom + i;
      for (let j = 0; j < columns && columnFrom + j < own && repeats[own] === 0; j++) {
        const isNear = (values[i * stride + j] ?? Infinity) < distance * distance;
        if (isNear && repeats[columnFrom + j] === 0) repeats[own] = 1;
      }
    }
  }
  return repeats;
}
