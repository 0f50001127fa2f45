import { availableParallelism } from 'node:os';
import { readImages } from '../decode/read-images.js';
import { mapAhead } from '../files/map-ahead.js';
import { readSource } from '../decode/read-source.js';
import type { DecodeOptions } from '../decode/decode-options.js';
import type { Manifest } from '../manifest/manifest.js';
import { encodeThumbnail } from './encode-thumbnail.js';

/** Small WebP files of some rows' images, by row; rows whose image cannot be read are missing. */
export async function readThumbnails(
  manifest: Manifest,
  rows: Iterable<number>,
  options: { side: number } & Pick<DecodeOptions, 'fit' | 'background'>,
): Promise<Map<number, Buffer>> {
  const thumbnails = new Map<number, Buffer>();
  const images = readImages(manifest, Int32Array.from(new Set(rows)).sort());
  const made = mapAhead(images, 2 * availableParallelism(), async ({ row, source }) => {
    try {
      return { row, thumbnail: await encodeThumbnail(readSource(source).bytes, options) };
    } catch {
      // A file that is gone since, or was never an image, is not shown.
      return undefined;
    }
  });
  for await (const one of made) if (one) thumbnails.set(one.row, one.thumbnail);
  return thumbnails;
}
