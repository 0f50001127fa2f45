/** Thresholds are measured on at most this many images. */
const MAX_MEASURED = 1000;

/** Which of `count` images thresholds are measured on: all, or some at even distances. */
export function measuredRows(count: number): Int32Array {
  const length = Math.min(count, MAX_MEASURED);
  return Int32Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}
