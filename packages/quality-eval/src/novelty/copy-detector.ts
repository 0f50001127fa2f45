import { freshQuantile, freshValue, type FreshQuantile } from '../statistics/fresh-quantile.js';
import { calibrateCopies } from './copy-calibration.js';
import { FALSE_ALARM_RATE } from './false-alarms.js';
import type { FeatureSearch } from './feature-search.js';
import { intrinsicDimension } from './intrinsic-dimension.js';
import { neighbourRatios } from './neighbour-ratios.js';
import type { NeighbourSearch, ReferenceImages } from './neighbour-search.js';
import { calibratePixels } from './pixel-calibration.js';

/** How new images of one class are. */
export interface Novelties {
  /**
   * How far each is from the nearest train image, as a multiple of what makes it a copy: below 1 it is one. The smaller
   * one by pixels and by features, [n].
   */
  readonly novelty: Float64Array;
  /** Position of the train image that is nearest by pixels, [n]. */
  readonly nearest: Int32Array;
}

/** Tells copies of a class's train images, by pixels and by features. */
export interface CopyDetector {
  /** A smaller root mean square pixel difference, over an image and its mirror image, is a copy's. */
  readonly copyDistance: number;
  /** A smaller neighbour ratio is a copy's; undefined for fewer than three different train images. */
  readonly copyRatio: number | undefined;
  /** The 1 % quantile of real images' distances to the nearest train image in features; undefined like the ratio. */
  readonly duplicateDistance: number | undefined;
  /** In how many dimensions the train images' features vary; undefined where that cannot be told. */
  readonly dimension: number | undefined;
  /** What the thresholds were measured on. */
  readonly basis: 'held-out' | 'leave-one-out';
  /** Number of images measured. */
  readonly count: number;
  /**
   * @param images uint8 [n, size, size, channels]
   * @param features theirs, [n, d]
   */
  measure(images: Uint8Array, features: Float32Array): Promise<Novelties>;
}

/** One class's real images, and their features. */
export interface ClassImages {
  readonly images: ReferenceImages;
  /** [images, d] */
  readonly features: Float32Array;
}

/**
 * Opens the detector for one class. Either measure is taken in units of the value that 1 % of real images are below; an image
 * is a copy by the one or by the other, so both thresholds are lowered alike until 1 % of real images are copies by either.
 *
 * @param train different images: near-duplicates among them say nothing of how near different images come
 * @param heldOut images that are not among the train images
 * @param copied what can be copied: the train images, near-duplicates too
 * @returns undefined for a class with fewer than two different images to measure on
 */
export async function openCopyDetector(
  { pixels, features }: { readonly pixels: NeighbourSearch; readonly features: FeatureSearch },
  {
    train,
    heldOut,
    copied,
  }: {
    readonly train: ClassImages;
    readonly heldOut: ClassImages;
    readonly copied: ReferenceImages;
  },
): Promise<CopyDetector | undefined> {
  const byPixels = await calibratePixels(pixels, train.images, heldOut.images);
  if (!byPixels) return undefined;
  const byFeatures = await calibrateCopies(features, train.features, heldOut.features);
  const dimension = await intrinsicDimension(features, train.features);
  const units = {
    distance: unitOf(byPixels.distances),
    ratio: byFeatures && unitOf(byFeatures.ratios),
  };
  const novelties = measuredNovelties(byPixels.distances, byFeatures?.ratios, units);
  const scale =
    novelties.length > 0 ? lowered(freshQuantile(novelties, FALSE_ALARM_RATE), dimension) : 1;
  const copyDistance = scale * units.distance;
  const copyRatio = units.ratio && scale * units.ratio;
  return {
    copyDistance,
    copyRatio,
    duplicateDistance: byFeatures && lowered(byFeatures.duplicateDistance, dimension),
    dimension,
    basis: byPixels.basis,
    count: byPixels.count,
    async measure(images, described) {
      const near = await pixels.nearest(images, copied);
      const { ratios } =
        copyRatio === undefined
          ? { ratios: undefined }
          : await neighbourRatios(features, described, train.features);
      return {
        novelty: near.distances.map((distance, i) =>
          Math.min(distance / copyDistance, (ratios?.[i] ?? Infinity) / (copyRatio ?? 1)),
        ),
        nearest: near.positions,
      };
    },
  };
}

/**
 * The value that 1 % of real images are below, copies not counted. One that was measured: of 200 images one between the
 * nearest pair and the next would be as good as the nearest pair, whose two measures would then not count together.
 */
function unitOf(measured: Float64Array): number {
  return freshValue(measured.filter(isNew), FALSE_ALARM_RATE);
}

/** How new the images are that the thresholds were measured on, as multiples of either unit; copies are left out. */
function measuredNovelties(
  distances: Float64Array,
  ratios: Float64Array | undefined,
  units: { readonly distance: number; readonly ratio: number | undefined },
): Float64Array {
  return distances
    .map((distance, i) =>
      Math.min(distance / units.distance, (ratios?.[i] ?? Infinity) / (units.ratio ?? 1)),
    )
    .filter(isNew);
}

/** Whether something was measured on an image that is no copy itself. */
function isNew(measured: number): boolean {
  return measured > 0 && Number.isFinite(measured);
}

/**
 * A quantile as rare as false alarms may be. The smallest of few distances is not, and is lowered: as many points lie within a distance
 * as its power to the number of dimensions says.
 */
function lowered({ value, probability }: FreshQuantile, dimension: number | undefined): number {
  return dimension === undefined
    ? value
    : value * Math.min(1, FALSE_ALARM_RATE / probability) ** (1 / dimension);
}
