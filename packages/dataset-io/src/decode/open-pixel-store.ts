import type { QuarantineEntry } from '../errors.js';
import type { Manifest } from '../manifest/manifest.js';
import { decodeImages, type DecodeWork } from './decode-images.js';
import type { DecodeOptions } from './decode-options.js';
import { openCached, type CachedPixels } from './pixel-cache.js';
import { cacheKey } from './cache-key.js';
import { openPixelWriter } from './pixel-writer.js';
import { folderRule, imageFiles, readImages, type RowImage } from './read-images.js';
import { readSource } from './read-source.js';
import { readRecords } from '../files/read-records.js';

/** Decoded images on disk, read by position. */
export interface PixelStore {
  readonly count: number;
  readonly size: number;
  readonly channels: 1 | 3;
  /** Manifest row of each image, ascending. */
  readonly rows: Int32Array;
  /** Class index of each image. */
  readonly labels: Int32Array;
  /** The images' own size where all have the same one. */
  readonly nativeSize: { readonly width: number; readonly height: number } | undefined;
  /** uint8 [n, size, size, channels] of the images at `positions`. */
  read(positions: ArrayLike<number>): Promise<Uint8Array>;
  /** SHA-256 of each image file's bytes, 32 each, in pieces of whole ones. */
  hashes(): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

export interface PixelStoreOptions extends DecodeOptions {
  /** The manifest rows to read, ascending and each once. */
  readonly rows: ArrayLike<number>;
  /** Folder of the cache. */
  readonly cacheDir: string;
  readonly allowOutside?: boolean;
  readonly signal?: AbortSignal;
  onProgress?(done: number): void;
  onQuarantine?(entry: QuarantineEntry): void;
}

/** Opens the decoded pixels of a manifest's rows: from the cache, or decoded into it once. */
export async function openPixelStore(
  manifest: Manifest,
  options: PixelStoreOptions,
): Promise<PixelStore> {
  const { cacheDir } = options;
  const rows = Int32Array.from(options.rows);
  if (rows.some((row, i) => i > 0 && row <= (rows[i - 1] ?? 0))) {
    throw new Error('Expected rows in ascending order, each once.');
  }
  const allowOutside = options.allowOutside ?? false;
  const key = cacheKey(manifest, rows, { ...options, allowOutside });
  let cached = await openCached(cacheDir, key);
  if (cached && canReadAny(manifest, cached.index.unread, allowOutside)) {
    await cached.handle.close();
    cached = undefined;
  }
  if (!cached) {
    await decodeInto(key, manifest, rows, options);
    cached = await openCached(cacheDir, key);
  }
  if (!cached) throw new Error(`The pixel cache in ${cacheDir} cannot be read back.`);
  cached.index.quarantine.forEach((entry) => options.onQuarantine?.(entry));
  options.onProgress?.(rows.length);
  return storeOf(manifest, cached);
}

/** Whether the file of one of some rows can be read. */
function canReadAny(manifest: Manifest, rows: readonly number[], allowOutside: boolean): boolean {
  const below = folderRule(manifest, allowOutside);
  for (const { source } of imageFiles(manifest, rows)) {
    try {
      readSource(source, below);
      return true;
    } catch {
      // As before.
    }
  }
  return false;
}

function storeOf(manifest: Manifest, cached: CachedPixels): PixelStore {
  const { rows, handle } = cached;
  const { size, channels, nativeSize } = cached.index;
  const bytes = size * size * channels;
  return {
    count: rows.length,
    size,
    channels,
    rows,
    labels: rows.map((row) => manifest.labels[row] ?? -1),
    nativeSize: nativeSize ?? undefined,
    read: (positions) => readRecords(handle, bytes, positions),
    hashes: () => cached.hashes(),
    close: () => handle.close(),
  };
}

/** Decodes every image into the cache. */
async function decodeInto(
  key: string,
  manifest: Manifest,
  wanted: Int32Array,
  options: Omit<PixelStoreOptions, 'rows'>,
): Promise<void> {
  const writer = await openPixelWriter(options.cacheDir, options);
  const quarantine: QuarantineEntry[] = [];
  const unread: number[] = [];
  let done = 0;
  try {
    const work: DecodeWork<RowImage> = {
      images: readImages(manifest, wanted),
      count: wanted.length,
      kind: manifest.storage === 'embedded' ? 'bytes' : 'files',
      below: folderRule(manifest, options.allowOutside ?? false),
      sourceOf: ({ source }) => source,
    };
    for await (const { read, failed, decoded } of decodeImages(work, options)) {
      options.signal?.throwIfAborted();
      for (const { image, reason, isUnread } of failed) {
        quarantine.push({ row: image.row, path: image.path, reason });
        if (isUnread) unread.push(image.row);
      }
      const rows = Int32Array.from(read, ({ row }) => row);
      await writer.add(decoded, rows);
      done += read.length + failed.length;
      options.onProgress?.(done);
    }
    await writer.keepAs(key, quarantine, unread);
  } finally {
    await writer.close();
  }
}
