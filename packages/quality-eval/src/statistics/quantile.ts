/**
 * The `q` quantile of `values` by linear interpolation between order statistics (type 7, NumPy's default).
 *
 * @param q in [0, 1]
 * @throws RangeError when `values` is empty
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  if (values.length === 0)
    throw new RangeError('Expected at least one value for quantile but received none.');
  const sorted = Float64Array.from(values).sort();
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (high - low) * (at - below);
}
