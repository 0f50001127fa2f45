import type { PairBlocks } from '../distances/pair-blocks.js';
import { neighbourRadii } from './neighbour-radii.js';

export interface PrecisionRecall {
  /** Share of generated images that lie among the real ones, in [0, 1]. */
  readonly precision: number;
  /** Share of real images that lie among the generated ones, in [0, 1]. */
  readonly recall: number;
}

/**
 * Improved precision and recall: a set covers the balls around its members that reach their k-th nearest other
 * member. Two samples of one distribution do not give 1: compare with other generators only, at the same numbers.
 * Source: Kynkäänniemi et al., "Improved precision and recall metric" (2019), equations 1 and 2.
 *
 * @param distances squared distances
 * @param real [n, d], n above k
 * @param generated [m, d], m above k
 * @throws RangeError for fewer rows
 */
export async function precisionRecall(
  distances: PairBlocks,
  real: Float32Array,
  generated: Float32Array,
  k = 5,
): Promise<PrecisionRecall> {
  const ofReal = await neighbourRadii(distances, real, k);
  const ofGenerated = await neighbourRadii(distances, generated, k);
  const isReached = new Uint8Array(ofReal.length);
  const isPrecise = new Uint8Array(ofGenerated.length);
  for await (const { rowFrom, rows, columnFrom, columns, values, stride } of distances.blocks(
    real,
    generated,
  )) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const squared = values[i * stride + j] ?? Infinity;
        if (squared <= (ofReal[rowFrom + i] ?? 0)) isPrecise[columnFrom + j] = 1;
        if (squared <= (ofGenerated[columnFrom + j] ?? 0)) isReached[rowFrom + i] = 1;
      }
    }
  }
  return { precision: shareOf(isPrecise), recall: shareOf(isReached) };
}

function shareOf(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}
