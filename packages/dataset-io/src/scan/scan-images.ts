import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { decodeImages, type DecodeWork } from '../decode/decode-images.js';
import { decodeOptions, type DecodeOptions } from '../decode/decode-options.js';
import { startWorkers } from '../decode/run-decode-task.js';
import { ManifestError, type QuarantineEntry } from '../errors.js';
import { statIfThere } from '../files/stat-if-there.js';
import { listImages, type ImageFile } from './list-images.js';
import type { ListedValues } from './listed-columns.js';
import { openScanCache } from './scan-cache.js';

/** One image of a new manifest. */
export interface ScannedImage {
  /** Relative to the manifest's folder, with `/`. */
  readonly path: string;
  readonly label: string;
  readonly split: string | null;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  /** What a listing says of it beside its label and split. */
  readonly listed?: ListedValues;
}

export interface Scan {
  readonly images: readonly ScannedImage[];
  readonly quarantine: readonly QuarantineEntry[];
}

export interface ScanOptions {
  /** How images are decoded, which shows whether they are whole. */
  readonly decoding?: DecodeOptions;
  /** Folder of the cache that keeps the decoded pixels; without it they are dropped. */
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/**
 * Scans a folder tree, a glob, or a listing into what a manifest holds. Every image is read once: hashed, decoded,
 * and kept in the cache, where the manifest's pixels are found when they are opened with the same options.
 *
 * @param source `DIR` with `<class>/` or `<split>/<class>/` in it, a glob whose files lie in class folders, or
 *   a `metadata.jsonl` or CSV file with `file_name` and `label`
 * @param folder the manifest's folder, which paths are relative to
 * @throws NotFoundError when there is no such source
 * @throws ManifestError when it holds no images
 */
export async function scanImages(
  source: string,
  folder: string,
  options: ScanOptions = {},
): Promise<Scan> {
  const { decoding = decodeOptions.parse({}), cacheDir } = options;
  startWorkers(decoding);
  const { files, leftOut } = await listImages(source);
  const total = files.length;
  const root = resolve(folder) + sep;
  const pathOf = (file: string) => {
    const path = file.startsWith(root) ? file.slice(root.length) : relative(root, file);
    return sep === '/' ? path : path.split(sep).join('/');
  };
  const images: ScannedImage[] = [];
  const quarantine = leftOut.map(({ file, reason }): QuarantineEntry => {
    return { row: null, path: pathOf(file), reason };
  });
  const isThere = statIfThere(folder) !== undefined;
  const below = isThere ? { folder: realpathSync(folder), isRequired: false } : undefined;
  const cache = below && cacheDir !== undefined && (await openScanCache(cacheDir, decoding));
  try {
    const work: DecodeWork<ImageFile> = {
      images: takeAll(files),
      count: total,
      kind: 'files',
      below,
      sourceOf: ({ file }) => file,
    };
    let done = 0;
    for await (const { read, failed, decoded } of decodeImages(work, decoding)) {
      options.signal?.throwIfAborted();
      const { sizes } = decoded;
      for (const { image, reason } of failed) {
        quarantine.push({ row: null, path: pathOf(image.file), reason });
      }
      const hex = Buffer.from(decoded.sha256.buffer).toString('hex');
      read.forEach(({ file, label, split, listed }, i) => {
        const width = sizes[i * 2] ?? 0;
        const height = sizes[i * 2 + 1] ?? 0;
        const sha256 = hex.slice(i * 64, (i + 1) * 64);
        const image = { path: pathOf(file), label, split, width, height, sha256 };
        images.push(listed ? { ...image, listed } : image);
      });
      if (cache) await cache.add(read, decoded);
      done += read.length + failed.length;
      options.onProgress?.(done, total);
    }
    if (images.length === 0) throw noImages(source, total, quarantine);
    if (cache) await cache.finish();
  } finally {
    if (cache) await cache.close();
  }
  return { images, quarantine };
}

/** Items in their order, which leave the list as they are taken: there may be millions, and each is needed once. */
function* takeAll<T>(items: T[]): Generator<T> {
  items.reverse();
  while (items.length > 0) yield* items.splice(-1024).reverse();
}

function noImages(
  source: string,
  count: number,
  [first]: readonly QuarantineEntry[],
): ManifestError {
  return new ManifestError(
    first
      ? `None of the ${count} images of ${source} can be read. ${first.path}: ${first.reason}`
      : `${source} lists no images.`,
  );
}
