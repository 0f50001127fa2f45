import type { PairBlocks } from '../distances/pair-blocks.js';
import { neighbourRadii } from './neighbour-radii.js';

export interface DensityCoverage {
  /** In how many balls around real images a generated one lies, over k: about 1 for one distribution, unbounded. */
  readonly density: number;
  /** Share of the balls around real images that hold a generated one, in [0, 1]. */
  readonly coverage: number;
  /** What `coverage` is expected to be if both sets come from one distribution. */
  readonly expectedCoverage: number;
}

/**
 * Density and coverage: how often generated images fall into the balls around real images that reach their k-th
 * nearest other real one. Source: Naeem et al., "Reliable fidelity and diversity metrics" (2020), equations 4 to 6.
 *
 * @param distances squared distances
 * @param real [n, d], n above k; per class only where n is 50 or more
 * @param generated [m, d], m at least 1
 * @throws RangeError for fewer rows
 */
export async function densityCoverage(
  distances: PairBlocks,
  real: Float32Array,
  generated: Float32Array,
  k = 5,
): Promise<DensityCoverage> {
  const count = generated.length / distances.dimensions;
  if (count < 1) throw new RangeError('Expected at least one generated image but received none.');
  const radii = await neighbourRadii(distances, real, k);
  const isCovered = new Uint8Array(radii.length);
  let hits = 0;
  for await (const { rowFrom, rows, columns, values, stride } of distances.blocks(
    real,
    generated,
  )) {
    for (let i = 0; i < rows; i++) {
      const radius = radii[rowFrom + i] ?? 0;
      let inside = 0;
      for (let j = 0; j < columns; j++) {
        if ((values[i * stride + j] ?? Infinity) <= radius) inside++;
      }
      hits += inside;
      if (inside > 0) isCovered[rowFrom + i] = 1;
    }
  }
  return {
    density: hits / (k * count),
    coverage: isCovered.reduce((sum, flag) => sum + flag, 0) / radii.length,
    expectedCoverage: expectedCoverage(radii.length, count, k),
  };
}

/**
 * The expected coverage of `real` images by `generated` ones of the same distribution:
 * 1 - prod_{i=1..k} (real - i) / (generated + real - i). Source: Naeem et al. (2020), appendix.
 */
export function expectedCoverage(real: number, generated: number, k = 5): number {
  let missed = 1;
  for (let i = 1; i <= k; i++) missed *= (real - i) / (generated + real - i);
  return 1 - missed;
}
