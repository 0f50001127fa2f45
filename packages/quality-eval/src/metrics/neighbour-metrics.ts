import type { PairBlocks } from '../distances/pair-blocks.js';
import type { Estimate } from '../statistics/estimate.js';
import { estimateMean } from '../statistics/estimate-mean.js';
import { estimateShare } from '../statistics/estimate-share.js';
import { neighbourRadii } from './neighbour-radii.js';

/** What the balls around images, each reaching its k-th nearest other image of its set, say of two sets. */
export interface NeighbourMetrics {
  /** Share of generated images that lie in a ball around a real one, in [0, 1]. */
  readonly precision: Estimate;
  /** Share of real images that lie in a ball around a generated one, in [0, 1]. */
  readonly recall: Estimate;
  /** In how many balls around real images a generated one lies, over k: about 1 for one distribution, unbounded. */
  readonly density: Estimate;
  /** Share of the balls around real images that hold a generated one, in [0, 1]. */
  readonly coverage: Estimate;
  /** What `coverage` is expected to be if both sets come from one distribution. */
  readonly expectedCoverage: number;
}

/**
 * Improved precision and recall, density and coverage. Two samples of one distribution do not have a precision and
 * recall of 1: compare those with other generators only, at the same numbers. The intervals say what the images that
 * are counted leave open (generated ones for precision and density, real ones for recall and coverage), the balls given.
 * Sources: Kynkäänniemi et al., "Improved precision and recall metric" (2019), equations 1 and 2; Naeem et al.,
 * "Reliable fidelity and diversity metrics" (2020), equations 4 to 6.
 *
 * @param distances squared distances
 * @param real [n, d], n above k; density and coverage say something of a class from 50 images on
 * @param generated [m, d], m above k
 * @throws RangeError for fewer rows
 */
export async function neighbourMetrics(
  distances: PairBlocks,
  real: Float32Array,
  generated: Float32Array,
  k = 5,
): Promise<NeighbourMetrics> {
  const ofReal = await neighbourRadii(distances, real, k);
  const ofGenerated = await neighbourRadii(distances, generated, k);
  /** In how many balls around real images each generated one lies. */
  const ballsHit = new Uint32Array(ofGenerated.length);
  const isCovered = new Uint8Array(ofReal.length);
  const isRecalled = new Uint8Array(ofReal.length);
  for await (const block of distances.blocks(real, generated)) {
    const { rowFrom, rows, columnFrom, columns, values, stride } = block;
    for (let i = 0; i < rows; i++) {
      const row = rowFrom + i;
      const radius = ofReal[row] ?? 0;
      for (let j = 0; j < columns; j++) {
        const column = columnFrom + j;
        const squared = values[i * stride + j] ?? Infinity;
        if (squared <= radius) {
          ballsHit[column] = (ballsHit[column] ?? 0) + 1;
          isCovered[row] = 1;
        }
        if (squared <= (ofGenerated[column] ?? 0)) isRecalled[row] = 1;
      }
    }
  }
  return {
    precision: estimateShare(Uint8Array.from(ballsHit, (balls) => Math.min(balls, 1))),
    recall: estimateShare(isRecalled),
    density: estimateMean(Float64Array.from(ballsHit, (balls) => balls / k)),
    coverage: estimateShare(isCovered),
    expectedCoverage: expectedCoverage(ofReal.length, ofGenerated.length, k),
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
