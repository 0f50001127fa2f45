import { folderRule, readImages } from '../decode/read-images.js';
import { readSource } from '../decode/read-source.js';
import { reasonOf } from '../errors.js';
import { mapAhead } from '../files/map-ahead.js';
import type { Manifest } from '../manifest/manifest.js';

/** What one image file looks like, apart from what it shows. */
export interface ImageLook {
  /** Size upright. */
  readonly width: number;
  readonly height: number;
  /** Mean brightness, in [0, 1]. */
  readonly brightness: number;
  /** Standard deviation of the brightness, in [0, 1]. */
  readonly contrast: number;
  /** Of the histogram of brightness, in bits: 0 for one grey, 8 at most. */
  readonly entropy: number;
  /** Standard deviation of the brightness after a Laplacian: small where nothing is sharp. */
  readonly sharpness: number;
}

/** One row's look, or why there is none. */
export type Inspected =
  | { readonly row: number; readonly look: ImageLook }
  | { readonly row: number; readonly path: string; readonly reason: string };

/** Larger images are looked at in this size: what is not sharp then, nobody calls sharp. */
const MOST = 256;
/** Images under way side by side. */
const AHEAD = 8;

/**
 * Looks at the image files of some rows of a manifest, in order and in their own size up to 256 pixels a side.
 *
 * @param rows ascending
 */
export function inspectImages(
  manifest: Manifest,
  rows: Int32Array,
  { allowOutside }: { readonly allowOutside: boolean },
): AsyncGenerator<Inspected> {
  const images = readImages(manifest, rows);
  const below = folderRule(manifest, allowOutside);
  return mapAhead(images, AHEAD, async ({ row, path, source }): Promise<Inspected> => {
    try {
      return { row, look: await lookOf(readSource(source, below).bytes) };
    } catch (error) {
      return { row, path, reason: reasonOf(error) };
    }
  });
}

async function lookOf(bytes: Uint8Array): Promise<ImageLook> {
  const { default: sharp } = await import('sharp');
  const image = sharp(bytes, { failOn: 'error', sequentialRead: true });
  const { data, info } = await image
    .autoOrient()
    .flatten()
    .resize(MOST, MOST, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const seen = await sharp(data, { raw: { width, height, channels } }).stats();
  const [grey] = seen.channels;
  return {
    ...(Math.max(width, height) < MOST ? { width, height } : (await image.metadata()).autoOrient),
    brightness: (grey?.mean ?? 0) / 255,
    contrast: (grey?.stdev ?? 0) / 255,
    entropy: seen.entropy,
    sharpness: seen.sharpness,
  };
}
