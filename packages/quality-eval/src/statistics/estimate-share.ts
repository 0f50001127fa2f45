import type { Estimate } from './estimate.js';

/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The share of the flags that are set with Wilson's score interval, which has a width even where all or none are set.
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
 *
 * @param flags 0 or 1 each, at least 1
 */
export function estimateShare(flags: Uint8Array): Estimate {
  const count = flags.length;
  const value = flags.reduce((sum, flag) => sum + flag, 0) / count;
  const scale = 1 + Z ** 2 / count;
  const middle = (value + Z ** 2 / (2 * count)) / scale;
  const reach = (Z / scale) * Math.sqrt((value * (1 - value)) / count + (Z / (2 * count)) ** 2);
  return { value, interval: [Math.max(0, middle - reach), Math.min(1, middle + reach)] };
}
