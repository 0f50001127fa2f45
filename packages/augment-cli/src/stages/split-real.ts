import { splitImages, type Manifest, type Splits } from '@evenset/dataset-io';

/**
 * Splits real images as the manifest says, or by the seed.
 *
 * @param rows of the manifest, one for each image; the result has positions in them
 * @param groupOf a number that an image and its duplicates share; without, no image has any
 */
export function splitReal(
  { labels, splits, classes }: Manifest,
  rows: ArrayLike<number>,
  {
    seed,
    groupOf = (position) => position,
  }: { readonly seed: number; readonly groupOf?: (position: number) => number },
): Splits {
  return splitImages({
    labels: Int32Array.from(rows, (row) => labels[row] ?? -1),
    groupOf,
    classCount: classes.length,
    seed,
    ...(splits && { splits: Array.from(rows, (row) => splits.at(row) ?? null) }),
  });
}
