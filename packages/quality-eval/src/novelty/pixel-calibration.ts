import { MIN_HELD_OUT } from './false-alarms.js';
import { measuredRows } from './measured-rows.js';
import type { NeighbourSearch, ReferenceImages } from './neighbour-search.js';

/** How far real images of a class are by pixels from the nearest train image. */
export interface PixelCalibration {
  /** What the distances were measured on. */
  readonly basis: 'held-out' | 'leave-one-out';
  /** Number of images measured that are no copies themselves. */
  readonly count: number;
  /** The distance of each image measured, [n], also of copies. */
  readonly distances: Float64Array;
}

/**
 * Measures real-real nearest distances of one class.
 * With at least 100 held-out images they are held-out -> train; else each train image is left out in turn; 1,000 of them
 * where there are more.
 *
 * @returns undefined for a class with fewer than two different images to measure on
 */
export async function calibratePixels(
  search: NeighbourSearch,
  train: ReferenceImages,
  heldOut: ReferenceImages,
): Promise<PixelCalibration | undefined> {
  const useHeldOut = heldOut.positions.length >= MIN_HELD_OUT;
  const measuredOn = useHeldOut ? heldOut : train;
  const queries = measuredRows(measuredOn.positions.length).map(
    (row) => measuredOn.positions[row] ?? -1,
  );
  const { distances } = await search.nearest(
    await measuredOn.read(queries),
    train,
    useHeldOut ? {} : { leaveOut: queries },
  );
  // A copy of a train image among the held-out ones says nothing of how far apart different images lie.
  const { length: count } = distances.filter(
    (distance) => Number.isFinite(distance) && distance > 0,
  );
  if (count === 0) return undefined;
  return {
    basis: useHeldOut ? 'held-out' : 'leave-one-out',
    count,
    distances,
  };
}
