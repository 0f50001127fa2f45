/**
 * Standard deviations that a value may be from the mean; further ones count as this far. A channel that hardly any train
 * image excites has a deviation near 0, and one generated image that excites it would outweigh all other dimensions.
 */
const LIMIT = 10;

/** Mean and standard deviation of each dimension of features. */
export interface Standardisation {
  /**
   * Features with mean 0 and standard deviation 1 on what this was fitted to, at most 10 from 0; constant dimensions
   * become 0.
   */
  apply(features: Float32Array): Float32Array;
}

/** Fits a standardisation to features [n, dimensions] of real train images. */
export function fitStandardisation(features: Float32Array, dimensions: number): Standardisation {
  const count = features.length / dimensions;
  const mean = new Float64Array(dimensions);
  const square = new Float64Array(dimensions);
  features.forEach((value, at) => {
    const dimension = at % dimensions;
    mean[dimension] = (mean[dimension] ?? 0) + value / count;
  });
  features.forEach((value, at) => {
    const dimension = at % dimensions;
    const difference = value - (mean[dimension] ?? 0);
    square[dimension] = (square[dimension] ?? 0) + (difference * difference) / count;
  });
  const deviation = square.map(Math.sqrt);
  return {
    apply: (values) =>
      values.map((value, at) => {
        const dimension = at % dimensions;
        const scale = deviation[dimension] ?? 0;
        if (scale <= 1e-6) return 0;
        const deviations = (value - (mean[dimension] ?? 0)) / scale;
        return Math.min(LIMIT, Math.max(-LIMIT, deviations));
      }),
  };
}
