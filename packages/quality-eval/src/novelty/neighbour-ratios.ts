import { meanOf } from '../statistics/mean-of.js';
import type { FeatureSearch } from './feature-search.js';

/** Neighbours that say how dense the train images lie around an image. */
const NEIGHBOURS = 50;

/** How near images are to the train images of their class, [n] each. */
export interface NeighbourRatios {
  /** 0 for a copy; fresh real images lie mostly between .5 and 1. */
  readonly ratios: Float64Array;
  /** Distance to the nearest train image. */
  readonly distances: Float64Array;
  /** That image's row. */
  readonly rows: Int32Array;
}

/**
 * How near each image is to its nearest train image, beside how near it is to the next ones:
 * d_1 / mean(d_2 .. d_(k+1)) with k = min(50, train images - 1). 0 is an exact copy. Real images have alike ratios,
 * whether train images lie close together there or far apart.
 *
 * @param queries features [m, d]
 * @param train features of the same class's train images, [n, d], n at least 2
 * @param options.leaveOut row of each query among the train images, which is left out; n at least 3 then
 * @throws RangeError for fewer train images
 */
export async function neighbourRatios(
  search: FeatureSearch,
  queries: Float32Array,
  train: Float32Array,
  { leaveOut }: { leaveOut?: Int32Array } = {},
): Promise<NeighbourRatios> {
  const others = train.length / search.dimensions - (leaveOut ? 1 : 0);
  if (others < 2) {
    throw new RangeError(`Expected 2 or more other train images but received ${others}.`);
  }
  const count = Math.min(NEIGHBOURS + 1, others);
  const near = await search.nearest(queries, train, count, leaveOut ? { leaveOut } : undefined);
  const isNearest = (_: number, at: number) => at % count === 0;
  const distances = near.distances.filter(isNearest);
  const ratios = distances.map((distance, query) => {
    const next = near.distances.subarray(query * count + 1, (query + 1) * count);
    return distance === 0 ? 0 : distance / meanOf(next);
  });
  return { ratios, distances, rows: near.rows.filter(isNearest) };
}
