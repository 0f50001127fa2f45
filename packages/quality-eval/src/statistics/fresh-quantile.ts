import type { Numbers } from './numbers.js';

/** A value and the probability with which a fresh one of the same distribution lies below it. */
export interface FreshQuantile {
  readonly value: number;
  readonly probability: number;
}

/**
 * The value below which a fresh one lies with probability `q`. Below a value that k of n do not exceed, a fresh one lies
 * with probability k / (n + 1); in between it is interpolated. Equal values count together: of the nearest distances
 * among n points those of the nearest pair are equal, and one more point is in that pair twice as often as it is a given
 * point. Without ties it is type 6 of Hyndman and Fan (1996).
 *
 * @param q in [0, 1]; where not even the smallest value is as improbable, or the largest as probable, that one is given
 * @throws RangeError when `values` is empty
 */
export function freshQuantile(values: Numbers, q: number): FreshQuantile {
  if (values.length === 0)
    throw new RangeError('Expected at least one value for a quantile but received none.');
  const { below, found } = firstReaching(values, q);
  return below && found.probability >= q ? between(below, found, q) : found;
}

/**
 * The smallest of the values below which a fresh one lies with probability `q` at least, without interpolation: two measures
 * of the same things have a value of 1 in common then when each is divided by its own. NaN for no values.
 *
 * @param q in [0, 1]; where no value is as probable, the largest one is given
 */
export function freshValue(values: Numbers, q: number): number {
  return firstReaching(values, q).found.value;
}

/** The first of the different values, ascending, whose probability is `q` at least, else the last one; and the one below it. */
function firstReaching(
  values: Numbers,
  q: number,
): { below?: FreshQuantile; found: FreshQuantile } {
  const sorted = Float64Array.from(values).sort();
  let reached: { below?: FreshQuantile; found: FreshQuantile } | undefined;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] ?? NaN;
    if (value === sorted[i + 1]) continue;
    const found = { value, probability: (i + 1) / (sorted.length + 1) };
    reached = reached ? { below: reached.found, found } : { found };
    if (found.probability >= q) break;
  }
  return reached ?? { found: { value: NaN, probability: NaN } };
}

function between(low: FreshQuantile, high: FreshQuantile, q: number): FreshQuantile {
  const share = (q - low.probability) / (high.probability - low.probability);
  return { value: low.value + (high.value - low.value) * share, probability: q };
}
