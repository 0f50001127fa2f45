import { squaredDistance } from '../distances/squared-distances.js';
import type { FeatureSearch } from '../novelty/feature-search.js';
import type { NeighbourSearch, ReferenceImages } from '../novelty/neighbour-search.js';
import { flipHorizontally, rootMeanSquare } from '../pixels.js';
import { rowsOf } from '../statistics/rows-of.js';

/** Images that become more: what was let through, of which memory may not hold all. */
export interface KeptImages {
  /** Those that there are by now. */
  references(): ReferenceImages;
  /** @param images uint8 [n, size, size, channels] */
  add(images: Uint8Array): Promise<void>;
}

/** Lets one of several images through that are near-duplicates, by pixels or by features. */
export interface DuplicateGate {
  /**
   * Which images repeat none that was let through before; those that do not are remembered.
   *
   * @param pixels uint8 [n, size, size, channels]
   * @param features theirs, [n, d]
   * @returns [n]
   */
  letThrough(pixels: Uint8Array, features: Float32Array): Promise<boolean[]>;
}

/** Opens the gate. */
export function openDuplicateGate(options: {
  readonly image: { readonly size: number; readonly channels: number };
  readonly pixels: NeighbourSearch;
  readonly features: FeatureSearch;
  /** A smaller pixel difference, over an image and its mirror image, is a near-duplicate's. */
  readonly pixelDistance: number;
  /** So is a smaller distance of features; undefined where they are not asked. */
  readonly featureDistance: number | undefined;
  /** What an earlier run let through, and its features, [n, d]. */
  readonly kept: KeptImages;
  readonly keptFeatures: Float32Array;
}): DuplicateGate {
  const { image, pixelDistance, featureDistance = 0, kept } = options;
  const { dimensions } = options.features;
  const bytes = image.size * image.size * image.channels;
  const keptFeatures = growing(options.keptFeatures);

  /** Distances of images to what was let through before, [n] each. */
  async function toKept(pixels: Uint8Array, features: Float32Array) {
    const described = keptFeatures.values();
    const { distances: byPixels } = await options.pixels.nearest(pixels, kept.references());
    const { distances: byFeatures } =
      featureDistance > 0 && described.length > 0
        ? await options.features.nearest(features, described, 1)
        : { distances: byPixels.map(() => Infinity) };
    return { byPixels, byFeatures };
  }

  return {
    async letThrough(pixels, features) {
      const { byPixels, byFeatures } = await toKept(pixels, features);
      const mirrored = flipHorizontally(pixels, image.size, image.channels);
      const at = (images: Uint8Array, i: number) => images.subarray(i * bytes, (i + 1) * bytes);
      const areAlike = (i: number, j: number) =>
        squaredDistance(features, i * dimensions, features, j * dimensions, dimensions) <
          featureDistance ** 2 ||
        rootMeanSquare(at(pixels, i), at(pixels, j)) < pixelDistance ||
        rootMeanSquare(at(mirrored, i), at(pixels, j)) < pixelDistance;
      const passed: number[] = [];
      const isNew = Array.from(byPixels, (distance, i) => {
        const repeats =
          distance < pixelDistance ||
          (byFeatures[i] ?? Infinity) < featureDistance ||
          // Batch-mates that were let through a moment ago are few: compared one by one.
          passed.some((other) => areAlike(i, other));
        if (!repeats) passed.push(i);
        return !repeats;
      });
      await kept.add(Buffer.concat(passed.map((i) => at(pixels, i))));
      keptFeatures.add(rowsOf(features, dimensions, passed));
      return isNew;
    },
  };
}

/** Values that become more; there is room for twice as many whenever it is full. */
function growing(first: Float32Array) {
  let room = first;
  let length = first.length;
  return {
    values: () => room.subarray(0, length),
    add(more: Float32Array) {
      if (length + more.length > room.length) {
        const larger = new Float32Array(2 * (length + more.length));
        larger.set(room.subarray(0, length));
        room = larger;
      }
      room.set(more, length);
      length += more.length;
    },
  };
}
