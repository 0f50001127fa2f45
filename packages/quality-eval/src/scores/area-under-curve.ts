import { rankSum } from '../statistics/rank-sum.js';

/**
 * How well a discriminator ranks held-out real images above generated ones: the share of pairs in which the real
 * one has the larger logit, equal ones by half (AUC, in [0, 1]). .5 is a coin; above .95 scores rank but do not certify.
 *
 * @param realLogits at least 1
 * @param fakeLogits at least 1
 * @throws RangeError for no logits
 */
export function areaUnderCurve(
  realLogits: ArrayLike<number>,
  fakeLogits: ArrayLike<number>,
): number {
  if (realLogits.length === 0 || fakeLogits.length === 0) {
    throw new RangeError(
      `Expected logits of both sides but received ${realLogits.length} real and ${fakeLogits.length} generated.`,
    );
  }
  return rankSum(realLogits, fakeLogits).u / (realLogits.length * fakeLogits.length);
}
