import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Estimate } from './estimate.js';
import { meanOf } from './mean-of.js';
import type { Numbers } from './numbers.js';
import { quantile } from './quantile.js';
import { resampledCounts } from './resampled-counts.js';

const SAMPLES = 500;

/**
 * The mean of values with the 2.5 % and 97.5 % quantiles over bootstrap samples of them.
 *
 * @param values at least 2
 * @throws RangeError for fewer
 */
export function estimateMean(values: Numbers, seed = 1): Estimate {
  const random = xoroshiro128plus(seed);
  const means = Array.from({ length: SAMPLES }, () => {
    let sum = 0;
    resampledCounts(random, values.length).forEach((times, i) => (sum += times * (values[i] ?? 0)));
    return sum / values.length;
  });
  return { value: meanOf(values), interval: [quantile(means, 0.025), quantile(means, 0.975)] };
}
