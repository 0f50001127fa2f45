import type { PairBlocks } from '../distances/pair-blocks.js';

/**
 * How different the generated images of one class are from each other, beside its real ones: the mean distance of
 * all generated pairs over that of all real pairs. 1 is as varied as real, 0 one image repeated.
 *
 * @param distances squared distances
 * @param real [n, d] of one class, n at least 2
 * @param generated [m, d] of the same class, m at least 2
 * @returns undefined where all real images are equal
 * @throws RangeError for fewer rows
 */
export async function diversityRatio(
  distances: PairBlocks,
  real: Float32Array,
  generated: Float32Array,
): Promise<number | undefined> {
  const ofReal = await meanDistance(distances, real);
  return ofReal > 0 ? (await meanDistance(distances, generated)) / ofReal : undefined;
}

async function meanDistance(distances: PairBlocks, features: Float32Array): Promise<number> {
  const count = features.length / distances.dimensions;
  if (count < 2)
    throw new RangeError(`Expected 2 or more images of a class but received ${count}.`);
  let sum = 0;
  for await (const block of distances.blocks(features, features)) {
    for (let i = 0; i < block.rows; i++) {
      for (let j = 0; j < block.columns; j++)
        sum += Math.sqrt(block.values[i * block.stride + j] ?? 0);
    }
  }
  return sum / (count * (count - 1));
}
