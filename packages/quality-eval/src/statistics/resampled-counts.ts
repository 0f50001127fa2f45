import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * A bootstrap sample of `count` things: how often each is drawn when `count` are drawn with replacement.
 *
 * @param count at least 2; a sample of one thing only is drawn again
 * @throws RangeError for fewer
 */
export function resampledCounts(random: RandomGenerator, count: number): Uint16Array {
  if (count < 2)
    throw new RangeError(`Expected 2 or more values to resample but received ${count}.`);
  const drawn = new Uint16Array(count);
  do {
    drawn.fill(0);
    for (let i = 0; i < count; i++) {
      const at = uniformInt(random, 0, count - 1);
      drawn[at] = (drawn[at] ?? 0) + 1;
    }
  } while (drawn.includes(count));
  return drawn;
}
