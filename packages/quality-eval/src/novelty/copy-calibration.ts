import { freshQuantile, type FreshQuantile } from '../statistics/fresh-quantile.js';
import { rowsOf } from '../statistics/rows-of.js';
import { FALSE_ALARM_RATE, MIN_HELD_OUT } from './false-alarms.js';
import type { FeatureSearch } from './feature-search.js';
import { measuredRows } from './measured-rows.js';
import { neighbourRatios } from './neighbour-ratios.js';

/** Which neighbour ratio makes an image of a class a copy of a train image. */
export interface CopyCalibration {
  /** A neighbour ratio below this is a copy's: the 1 % quantile of real images' ratios. */
  readonly copyRatio: number;
  /** Nearer than this, two generated images are duplicates: the 1 % quantile of real images' nearest distances. */
  readonly duplicateDistance: FreshQuantile;
  /** What both were measured on. */
  readonly basis: 'held-out' | 'leave-one-out';
  /** Number of images measured. */
  readonly count: number;
  /** The neighbour ratio of each image measured, [n], also of copies; the smaller one of a pair left out in turn. */
  readonly ratios: Float64Array;
}

/**
 * Measures the neighbour ratios of one class's real images: of held-out ones where there are at least 100, else of
 * each train image with itself left out; of 1,000 of them where there are more. Exact copies of train images are not counted: they say nothing of how near
 * different images come, and would let every copy pass.
 *
 * @param train features [n, d]
 * @param heldOut features [m, d] of images that are not among the train images
 * @returns undefined for a class with fewer than three train images or without different ones
 */
export async function calibrateCopies(
  search: FeatureSearch,
  train: Float32Array,
  heldOut: Float32Array,
): Promise<CopyCalibration | undefined> {
  if (train.length / search.dimensions < 3) return undefined;
  const useHeldOut = heldOut.length / search.dimensions >= MIN_HELD_OUT;
  const measuredOn = useHeldOut ? heldOut : train;
  const queried = measuredRows(measuredOn.length / search.dimensions);
  const {
    ratios: own,
    distances,
    rows: nearest,
  } = await neighbourRatios(
    search,
    rowsOf(measuredOn, search.dimensions, queried),
    train,
    useHeldOut ? {} : { leaveOut: queried },
  );
  const ratios = useHeldOut ? own : sharedByPairs(own, nearest, queried);
  const measured = ratios.filter((ratio) => ratio > 0);
  if (measured.length === 0) return undefined;
  return {
    copyRatio: freshQuantile(measured, FALSE_ALARM_RATE).value,
    duplicateDistance: freshQuantile(
      distances.filter((distance) => distance > 0),
      FALSE_ALARM_RATE,
    ),
    basis: useHeldOut ? 'held-out' : 'leave-one-out',
    count: measured.length,
    ratios,
  };
}

/**
 * Gives two images that are each other's nearest the smaller one of their ratios. One more image would be in such a pair twice
 * as often as it is a given one of the others: `freshQuantile` counts equal values together, and of pixels' distances, which
 * are equal in a pair as they are, it knows that already.
 *
 * @param nearest row of each image's nearest train image, [n]
 * @param queried row of each image itself, [n]
 */
function sharedByPairs(
  ratios: Float64Array,
  nearest: Int32Array,
  queried: Int32Array,
): Float64Array {
  const places = new Map(Array.from(queried, (row, place) => [row, place]));
  return ratios.map((ratio, place) => {
    const other = places.get(nearest[place] ?? -1);
    const isPair = other !== undefined && nearest[other] === queried[place];
    return isPair ? Math.min(ratio, ratios[other] ?? Infinity) : ratio;
  });
}
