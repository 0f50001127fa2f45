/**
 * How many images reach two steps. Runs in the page too: it uses nothing from outside.
 *
 * @param counts pairs of the distance to the next occupied cell and its count
 * @param width novelty steps and one
 * @param score index of the score's step; 0 is the first
 */
export function countReaching(
  counts: readonly number[],
  width: number,
  score: number,
  novelty: number,
): number {
  let [cell, sum] = [0, 0];
  for (let at = 0; at < counts.length; at += 2) {
    cell += counts[at] ?? 0;
    if (Math.floor(cell / width) > score && cell % width > novelty) sum += counts[at + 1] ?? 0;
  }
  return sum;
}
