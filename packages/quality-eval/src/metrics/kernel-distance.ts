import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { openWeightedSums } from '../distances/weighted-sums.js';
import { openInnerProducts } from '../distances/inner-products.js';
import type { StepCompiler } from '../step-compiler.js';
import type { Estimate } from '../statistics/estimate.js';
import { meanOf } from '../statistics/mean-of.js';
import { quantile } from '../statistics/quantile.js';
import { resampledCounts } from '../statistics/resampled-counts.js';

/** Measures how far two sets of feature vectors are from coming from one distribution. */
export interface KernelDistance {
  /**
   * The kernel distance (KID): squared maximum mean discrepancy with the kernel (x.y / d + 1)^3 as an unbiased
   * U-statistic, so that around 0, negative values included, means no difference. Source: Binkowski et al.,
   * "Demystifying MMD GANs" (2018), section 3.
   *
   * @param x [m, d], m at least 2
   * @param y [n, d], n at least 2
   * @throws RangeError for fewer rows
   */
  between(x: Float32Array, y: Float32Array): Promise<number>;
  /**
   * The distance with the 2.5 % and 97.5 % quantiles over bootstrap samples of the images of both sides. An image that was drawn more than once is not paired with itself, which
   * keeps the samples unbiased too. Takes (m + n)^2 multiplications for each sample, which run compiled, in float32.
   *
   * @param options.samples bootstrap samples
   * @param options.seed of the samples
   * @throws RangeError for fewer than 2 images on a side
   */
  estimate(
    x: Float32Array,
    y: Float32Array,
    options?: { samples?: number; seed?: number },
  ): Promise<Estimate>;
  dispose(): Promise<void>;
}

/** Opens the measure for vectors of `dimensions` values. */
export async function openKernelDistance(
  compiler: StepCompiler,
  dimensions: number,
): Promise<KernelDistance> {
  const products = await openInnerProducts(compiler, dimensions);
  const weighted = await openWeightedSums(compiler);

  /**
   * For each weighting, the first of which counts every row once, the mean kernel of all pairs of rows, or of pairs of
   * different rows of one set.
   */
  async function meanKernels(a: Side, b: Side): Promise<Float64Array> {
    const areSame = a === b;
    const sums = new Float64Array(a.weightings.length);
    for await (const block of products.blocks(a.features, b.features)) {
      const { rowFrom, rows, columnFrom, columns, values, stride } = block;
      let once = 0;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const at = i * stride + j;
          const isItself = areSame && rowFrom + i === columnFrom + j;
          const kernel = isItself ? 0 : ((values[at] ?? 0) / dimensions + 1) ** 3;
          values[at] = kernel;
          once += kernel;
        }
      }
      sums[0] = (sums[0] ?? 0) + once;
      const others = await weighted.sums(block, a.weightings.slice(1), b.weightings.slice(1));
      others.forEach((sum, i) => (sums[i + 1] = (sums[i + 1] ?? 0) + sum));
    }
    return sums.map((sum, sample) => {
      const [left, right] = [a.weightings[sample] ?? [], b.weightings[sample] ?? []];
      const withItself = areSame ? left.length * meanOf(left, (weight) => weight * weight) : 0;
      return sum / (left.length * right.length - withItself);
    });
  }

  /** The distance for each weighting of the rows. */
  async function distances(x: Side, y: Side): Promise<Float64Array> {
    const withinX = await meanKernels(x, x);
    const withinY = await meanKernels(y, y);
    const across = await meanKernels(x, y);
    return across.map((mean, sample) => (withinX[sample] ?? 0) + (withinY[sample] ?? 0) - 2 * mean);
  }

  const countOf = (features: Float32Array) => features.length / dimensions;
  const once = (features: Float32Array) => new Uint16Array(countOf(features)).fill(1);
  const assertEnough = (x: Float32Array, y: Float32Array) => {
    const [m, n] = [countOf(x), countOf(y)];
    if (m < 2 || n < 2) {
      throw new RangeError(`Expected 2 or more images on both sides but received ${m} and ${n}.`);
    }
  };

  return {
    async between(x, y) {
      assertEnough(x, y);
      const [value = NaN] = await distances(
        { features: x, weightings: [once(x)] },
        { features: y, weightings: [once(y)] },
      );
      return value;
    },
    async estimate(x, y, { samples = 500, seed = 1 } = {}) {
      assertEnough(x, y);
      const random = xoroshiro128plus(seed);
      const resampled = (features: Float32Array) =>
        Array.from({ length: samples }, () => resampledCounts(random, countOf(features)));
      const [value = NaN, ...others] = await distances(
        { features: x, weightings: [once(x), ...resampled(x)] },
        { features: y, weightings: [once(y), ...resampled(y)] },
      );
      return { value, interval: [quantile(others, 0.025), quantile(others, 0.975)] };
    },
    async dispose() {
      await products.dispose();
      await weighted.dispose();
    },
  };
}

/** One of the two sets, and how often each of its rows counts: weights add up to the number of rows. */
interface Side {
  readonly features: Float32Array;
  readonly weightings: readonly Uint16Array[];
}
