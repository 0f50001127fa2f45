import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { decodeImages, type DecodeWork } from '../decode/decode-images.js';
import type { DecodeOptions } from '../decode/decode-options.js';
import type { QuarantineEntry } from '../errors.js';
import { statIfThere } from '../files/stat-if-there.js';
import type { ImageFile, Listing } from './list-images.js';
import { openScanCache } from './scan-cache.js';
import type { ScannedImage } from './write-manifest.js';

/** How images are scanned. */
export interface ScanOptions {
  /** How they are decoded, which shows whether they are whole. */
  readonly decoding: DecodeOptions;
  /** Folder of the cache that keeps the decoded pixels; without it they are dropped. */
  readonly cacheDir?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number): void;
}

/** Scanned images, and those that could not be read. */
interface ScannedBatch {
  readonly images: readonly ScannedImage[];
  readonly quarantine: readonly QuarantineEntry[];
}

/**
 * Scans listed images, a batch at a time and in order. Every image is read once: hashed, decoded, and kept in the
 * cache, where the manifest's pixels are found when they are opened with the same options.
 *
 * @param folder the manifest's folder, which paths are relative to
 */
export async function* scanImages(
  listing: Listing,
  folder: string,
  options: ScanOptions,
): AsyncGenerator<ScannedBatch> {
  const { decoding, cacheDir } = options;
  const pathOf = openPathOf(folder);
  const leftOut = (file: string, reason: string) => ({ row: null, path: pathOf(file), reason });
  yield {
    images: [],
    quarantine: listing.leftOut.map(({ file, reason }) => leftOut(file, reason)),
  };
  const isThere = statIfThere(folder) !== undefined;
  const below = isThere ? { folder: realpathSync(folder), isRequired: false } : undefined;
  const cache = below && cacheDir !== undefined && (await openScanCache(cacheDir, decoding));
  try {
    const work: DecodeWork<ImageFile> = {
      images: listing.files,
      count: listing.count,
      kind: 'files',
      below,
      sourceOf: ({ file }) => file,
    };
    let done = 0;
    for await (const { read, failed, decoded } of decodeImages(work, decoding)) {
      options.signal?.throwIfAborted();
      const { sizes } = decoded;
      const hex = Buffer.from(decoded.sha256.buffer).toString('hex');
      const images = read.map(({ file, label, split, listed }, i): ScannedImage => {
        const width = sizes[i * 2] ?? 0;
        const height = sizes[i * 2 + 1] ?? 0;
        const sha256 = hex.slice(i * 64, (i + 1) * 64);
        const image = { path: pathOf(file), label, split, width, height, sha256 };
        return listed ? { ...image, listed } : image;
      });
      if (cache) await cache.add(read, decoded);
      yield { images, quarantine: failed.map(({ image, reason }) => leftOut(image.file, reason)) };
      done += read.length + failed.length;
      options.onProgress?.(done, listing.count);
    }
    if (cache) await cache.finish();
  } finally {
    if (cache) await cache.close();
  }
}

/** Turns files into paths relative to a folder, with `/`. */
function openPathOf(folder: string): (file: string) => string {
  const root = resolve(folder) + sep;
  return (file) => {
    const path = file.startsWith(root) ? file.slice(root.length) : relative(root, file);
    return sep === '/' ? path : path.split(sep).join('/');
  };
}
