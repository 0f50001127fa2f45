/**
 * Which candidates to keep if only a share of them may be kept: those of the largest scores, earlier ones first among
 * equals. Seeks modes: the kept images are less varied than the candidates. Optimal-budget sampling does not do that.
 *
 * @param scores [n]
 * @param share in [0, 1]; n times the share are kept, rounded
 * @returns [n], 1 for those kept
 * @throws RangeError for a share outside [0, 1]
 */
export function keepTop(scores: ArrayLike<number>, share: number): Uint8Array {
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`Expected a share from 0 to 1 but received ${share}.`);
  }
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (i, j) => (scores[j] ?? 0) - (scores[i] ?? 0) || i - j,
  );
  const kept = new Uint8Array(scores.length);
  for (const i of order.subarray(0, Math.round(share * scores.length))) kept[i] = 1;
  return kept;
}
