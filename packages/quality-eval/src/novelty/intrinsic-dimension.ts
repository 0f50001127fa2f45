import { rowsOf } from '../statistics/rows-of.js';
import type { FeatureSearch } from './feature-search.js';
import { measuredRows } from './measured-rows.js';

/** Neighbours that the estimate looks at. */
const NEIGHBOURS = 10;
/** Images that it is averaged over, at most: some at even distances. */
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
  const measured = measuredRows(rows, MAX_MEASURED);
  const { distances } = await search.nearest(
    rowsOf(features, search.dimensions, measured),
    features,
    count,
    { leaveOut: measured },
  );
  let sum = 0;
  let terms = 0;
  for (let row = 0; row < measured.length; row++) {
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
