import { outputPath } from '@evenset/dataset-io';
import type { ReferenceImages } from '@evenset/quality-eval';
import { firstOfEach } from './first-of-each.js';
import { imagesAt } from './images-at.js';
import type { Input } from './read-input.js';

/** The real images of one class that judging it needs. */
export interface ClassImages {
  /** Train images, one for each file content: an oversampled class lists the same images many times. */
  readonly train: ReferenceImages;
  /** Train images, one of each group of near-duplicates. */
  readonly different: ReferenceImages;
  /** Held-out images, one of each group of near-duplicates. */
  readonly heldOut: ReferenceImages;
  /** Those of them that chose no checkpoint. */
  readonly calibrate: ReferenceImages;
}

/** Finds the real images of a class. */
export function classImages(
  { pixels, split, groups, contents }: Pick<Input, 'pixels' | 'split' | 'groups' | 'contents'>,
  label: number,
): ClassImages {
  const own = (positions: Int32Array) =>
    positions.filter((position) => pixels.labels[position] === label);
  const groupOf = (position: number) => groups[position] ?? position;
  const trained = own(split.train);
  const firstOf = (positions: Int32Array, keyOf: (position: number) => number) =>
    imagesAt(pixels, firstOfEach(positions, keyOf));
  return {
    train: firstOf(trained, (position) => contents[position] ?? position),
    different: firstOf(trained, groupOf),
    heldOut: firstOf(own(heldOutPositions({ split })), groupOf),
    calibrate: firstOf(own(split.calibrate), groupOf),
  };
}

/** Images that the model did not learn from, ascending: they calibrate scores and novelty. */
export function heldOutPositions({ split }: Pick<Input, 'split'>): Int32Array {
  return Int32Array.from([...split.select, ...split.calibrate]).sort();
}

/** The class of each image. */
export function labelsAt({ pixels }: Pick<Input, 'pixels'>, positions: Int32Array): Int32Array {
  return positions.map((position) => pixels.labels[position] ?? -1);
}

/** The path of an image as a manifest in another folder names it; null for no image. */
export function outputPathOf(
  { manifest, pixels }: Pick<Input, 'manifest' | 'pixels'>,
  folder: string,
  position: number,
): string | null {
  const path = manifest.paths.at(pixels.rows[position] ?? -1);
  if (!path) return null;
  return manifest.storage === 'path' ? outputPath(path, manifest.folder, folder) : path;
}
