import type { Numbers } from '../statistics/numbers.js';

/**
 * Which candidates reach a score.
 *
 * @param scores [n]
 * @returns [n], 1 for those at or above the threshold
 */
export function keepAbove(scores: Numbers, threshold: number): Uint8Array {
  return Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0));
}
