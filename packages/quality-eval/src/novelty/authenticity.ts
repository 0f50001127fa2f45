import { rowsOf } from '../statistics/rows-of.js';
import type { FeatureSearch } from './feature-search.js';

/**
 * The share of images that are farther from their nearest train image than that one is from its own nearest other
 * train image (AuthPct, in [0, 1]). Around a half for fresh images of the same distribution, so it is read beside the
 * value of held-out real images. Source: Alaa et al., "How faithful is your synthetic data?" (2022), section 3.3.
 *
 * @param train features [n, d] of different images, n at least 2
 * @param images features [m, d], m at least 1
 * @throws RangeError for fewer rows
 */
export async function authenticity(
  search: FeatureSearch,
  train: Float32Array,
  images: Float32Array,
): Promise<number> {
  const [n, m] = [train.length / search.dimensions, images.length / search.dimensions];
  if (n < 2 || m < 1) {
    throw new RangeError(`Expected 2 train images and an image but received ${n} and ${m}.`);
  }
  const { distances, rows } = await search.nearest(images, train, 1);
  // Only train images that are nearest to one of the images count: time does not grow with the square of their number.
  const reached = Int32Array.from(new Set(rows));
  const amongTrain = await search.nearest(rowsOf(train, search.dimensions, reached), train, 1, {
    leaveOut: reached,
  });
  const toOther = new Map(Array.from(reached, (row, i) => [row, amongTrain.distances[i]]));
  const authentic = distances.filter(
    (distance, i) => distance > (toOther.get(rows[i] ?? -1) ?? Infinity),
  );
  return authentic.length / m;
}
