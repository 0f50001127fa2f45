import type { QuarantineEntry } from '../errors.js';
import { writeAtomic } from '../files/write-file-atomic.js';
import type { Manifest } from '../manifest/manifest.js';
import type { DecodeOptions } from './decode-options.js';
import { decodeInParallel } from './image-pool.js';
import type { DecodedBatch } from './image-worker.js';
import {
  cacheKey,
  FORMAT_VERSION,
  openCached,
  pixelFile,
  writeIndex,
  type CachedPixels,
  type PixelIndex,
} from './pixel-cache.js';
import { readImages } from './read-images.js';
import { contentAt, openRowRecords } from './row-records.js';

/** Decoded images on disk, read by position. */
export interface PixelStore {
  readonly count: number;
  readonly size: number;
  readonly channels: 1 | 3;
  /** Manifest row of each image, ascending. */
  readonly rows: Int32Array;
  /** Class index of each image. */
  readonly labels: Int32Array;
  /** SHA-256 of each image file's bytes, [count, 32]. */
  readonly sha256: Uint8Array;
  /** A key that files of the same content share. */
  contentOf(position: number): string;
  /** The images' own size where all have the same one. */
  readonly nativeSize: { readonly width: number; readonly height: number } | undefined;
  /** uint8 [n, size, size, channels] of the images at `positions`. */
  read(positions: ArrayLike<number>): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface PixelStoreOptions extends DecodeOptions {
  /** The manifest rows to read. */
  readonly rows: readonly number[];
  /** Folder of the cache. */
  readonly cacheDir: string;
  readonly allowOutside?: boolean;
  readonly signal?: AbortSignal;
  onProgress?(done: number): void;
  onQuarantine?(entry: QuarantineEntry): void;
}

/** Grey and colour images are mixed, and `auto` had begun with the wrong one. */
class MixedChannels extends Error {}

/** Opens the decoded pixels of a manifest's rows: from the cache, or decoded into it once. */
export async function openPixelStore(
  manifest: Manifest,
  options: PixelStoreOptions,
): Promise<PixelStore> {
  const { cacheDir, rows } = options;
  const key = await cacheKey(manifest, rows, options, options.allowOutside ?? false);
  let cached = await openCached(cacheDir, key);
  if (!cached) {
    const isDone = await decodeInto(key, manifest, options);
    if (!isDone) await decodeInto(key, manifest, { ...options, channels: 3 });
    cached = await openCached(cacheDir, key);
  }
  if (!cached) throw new Error(`The pixel cache in ${cacheDir} cannot be read back.`);
  cached.index.quarantine.forEach((entry) => options.onQuarantine?.(entry));
  options.onProgress?.(rows.length);
  return storeOf(manifest, cached);
}

function storeOf(manifest: Manifest, { index, rows, sha256, handle }: CachedPixels): PixelStore {
  const { size, channels, nativeSize } = index;
  const bytes = size * size * channels;
  return {
    count: rows.length,
    size,
    channels,
    rows,
    labels: rows.map((row) => manifest.labels[row] ?? -1),
    sha256,
    contentOf: (position) => contentAt(sha256, position),
    nativeSize: nativeSize ?? undefined,
    async read(positions) {
      const pixels = new Uint8Array(positions.length * bytes);
      await Promise.all(
        runsOf(positions).map(({ at, from, length }) =>
          handle.read(pixels, at * bytes, length * bytes, from * bytes),
        ),
      );
      return pixels;
    },
    close: () => handle.close(),
  };
}

/** Neighbouring positions in one piece: one read instead of many. */
function runsOf(positions: ArrayLike<number>): { at: number; from: number; length: number }[] {
  const runs: { at: number; from: number; length: number }[] = [];
  for (let at = 0; at < positions.length; at++) {
    const position = positions[at] ?? 0;
    const last = runs.at(-1);
    if (last && position === last.from + last.length) last.length++;
    else runs.push({ at, from: position, length: 1 });
  }
  return runs;
}

/**
 * Decodes every image into the cache.
 *
 * @returns false when `auto` met grey and colour images: all have to be decoded as colour then
 */
async function decodeInto(
  key: string,
  manifest: Manifest,
  options: PixelStoreOptions,
): Promise<boolean> {
  const index: PixelIndex = {
    format: 'evenset.pixels',
    formatVersion: FORMAT_VERSION,
    size: options.size,
    channels: options.channels === 'auto' ? 1 : options.channels,
    count: 0,
    nativeSize: null,
    quarantine: [],
  };
  const records = openRowRecords();
  const take = (row: number, { sha256, sizes, ...batch }: DecodedBatch, place: number) => {
    const channels = batch.channels[place] === 1 ? 1 : 3;
    const [width, height] = [sizes[place * 2] ?? 0, sizes[place * 2 + 1] ?? 0];
    const isFirst = records.count === 0;
    if (!isFirst && channels !== index.channels) throw new MixedChannels();
    if (isFirst) index.nativeSize = { width, height };
    else if (width !== index.nativeSize?.width || height !== index.nativeSize.height)
      index.nativeSize = null;
    index.channels = channels;
    records.push(row, sha256.subarray(place * 32, (place + 1) * 32));
    index.count = records.count;
  };

  let done = 0;
  try {
    await writeAtomic(pixelFile(options.cacheDir, key), async (handle) => {
      const images = readImages(manifest, new Set(options.rows), options.allowOutside ?? false);
      const kind = manifest.storage === 'embedded' ? 'bytes' : 'files';
      const work = { count: options.rows.length, kind } as const;
      for await (const { images: batch, decoded } of decodeInParallel(images, work, options)) {
        options.signal?.throwIfAborted();
        batch.forEach(({ row, path }, place) => {
          const reason = decoded.failures.get(place);
          if (reason === undefined) take(row, decoded, place);
          else index.quarantine.push({ row, path, reason });
        });
        await handle.writeFile(decoded.pixels);
        done += batch.length;
        options.onProgress?.(done);
      }
    });
  } catch (error) {
    if (error instanceof MixedChannels) return false;
    throw error;
  }
  await writeIndex(options.cacheDir, key, index, records.bytes());
  return true;
}
