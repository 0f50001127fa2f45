import type { FeatureSearch } from './feature-search.js';

/** Neighbours that the estimate looks at. */
const NEIGHBOURS = 10;
/** Images that it is averaged over, at most. */
const MAX_MEASURED = 500;

/**
 * In how many dimensions features really vary around a point: the mean over points of what makes the distances of their
 * nearest neighbours likeliest. Source: Levina and Bickel, "Maximum likelihood estimation of intrinsic dimension" (2004),
 * averaged as by MacKay and Ghahramani (2005).
 *
 * @param features [n, d]
 * @returns undefined where fewer than four different rows say nothing
 */
export async function intrinsicDimension(
  search: FeatureSearch,
  features: Float32Array,
): Promise<number | undefined> {
  const rows = features.length / search.dimensions;
  const count = Math.min(NEIGHBOURS, rows - 1);
  if (count < 3) return undefined;
  const measured = Math.min(rows, MAX_MEASURED);
  const { distances } = await search.nearest(
    features.subarray(0, measured * search.dimensions),
    features,
    count,
    { leaveOut: Int32Array.from({ length: measured }, (_, row) => row) },
  );
  let sum = 0;
  let terms = 0;
  for (let row = 0; row < measured; row++) {
    const near = distances.subarray(row * count, (row + 1) * count);
    const outer = near[count - 1] ?? 0;
    for (const distance of near.subarray(0, count - 1)) {
      if (distance === 0) continue;
      sum += Math.log(outer / distance);
      terms++;
    }
  }
  return sum > 0 ? terms / sum : undefined;
}
