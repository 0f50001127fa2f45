import { quantile } from '../statistics/quantile.js';
import { FALSE_ALARM_RATE, MIN_HELD_OUT } from './false-alarms.js';
import type { NeighbourSearch, ReferenceImages } from './neighbour-search.js';

/** Distances are measured on at most this many images. */
const MAX_MEASURED = 1000;

/** How near to the train images a class's own real images lie. */
export interface NoveltyCalibration {
  /** Median distance of a real image to the nearest train image of its class: novelty 1. */
  readonly unit: number;
  /** A distance below this is a copy: the 1 % quantile of real-real nearest distances. */
  readonly copyDistance: number;
  /** What the distances were measured on. */
  readonly basis: 'held-out' | 'leave-one-out';
  /** Number of distances measured. */
  readonly count: number;
}

/**
 * Measures real-real nearest distances of one class.
 * With at least 100 held-out images they are held-out -> train; else each train image is left out in turn.
 *
 * @returns undefined for a class with fewer than two different images to measure on
 */
export async function calibrateNovelty(
  search: NeighbourSearch,
  train: ReferenceImages,
  heldOut: ReferenceImages,
): Promise<NoveltyCalibration | undefined> {
  const useHeldOut = heldOut.positions.length >= MIN_HELD_OUT;
  const measuredOn = useHeldOut ? heldOut : train;
  const queries = evenly(measuredOn.positions, MAX_MEASURED);
  const { distances } = await search.nearest(
    await measuredOn.read(queries),
    train,
    useHeldOut ? {} : { leaveOut: queries },
  );
  // A copy of a train image among the held-out ones says nothing of how far apart different images lie.
  const measured = distances.filter((distance) => Number.isFinite(distance) && distance > 0);
  if (measured.length === 0) return undefined;
  return {
    unit: Math.max(quantile(measured, 0.5), Number.EPSILON),
    copyDistance: quantile(measured, FALSE_ALARM_RATE),
    basis: useHeldOut ? 'held-out' : 'leave-one-out',
    count: measured.length,
  };
}

/** At most `count` positions, from the first to the last at even distances. */
function evenly(positions: Int32Array, count: number): Int32Array {
  const length = Math.min(count, positions.length);
  return Int32Array.from(
    { length },
    (_, i) => positions[Math.floor((i * positions.length) / length)] ?? -1,
  );
}

/** Novelty of an image at `distance` from its nearest train image: 1 is as far as a fresh real one. */
export function noveltyOf(distance: number, calibration: NoveltyCalibration): number {
  return distance / calibration.unit;
}
