/** Thresholds are measured on at most this many images. */
const MAX_MEASURED = 1000;

/** Which of `count` images something is measured on: all, or `most` of them at even distances. */
export function measuredRows(count: number, most = MAX_MEASURED): Int32Array {
  const length = Math.min(count, most);
  return Int32Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}
