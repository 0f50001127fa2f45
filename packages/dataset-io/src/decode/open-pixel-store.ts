import type { FileHandle } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { reasonOf, type QuarantineEntry } from '../errors.js';
import { mapConcurrently } from '../files/map-concurrently.js';
import { writeAtomic } from '../files/write-file-atomic.js';
import type { Manifest } from '../manifest/manifest.js';
import { decodeImage, type DecodedImage } from './decode-image.js';
import type { DecodeOptions } from './decode-options.js';
import { cacheKey, openCached, pixelFile, writeIndex, type PixelIndex } from './pixel-cache.js';
import { readImages, sha256Of, type RowImage } from './read-images.js';

/** Decoded images on disk, read by position. */
export interface PixelStore {
  readonly count: number;
  readonly size: number;
  readonly channels: 1 | 3;
  /** Manifest row of each image, ascending. */
  readonly rows: Int32Array;
  /** Class index of each image. */
  readonly labels: Int32Array;
  /** SHA-256 of each image file's bytes. */
  readonly sha256: readonly string[];
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

/** Images decoded together: what memory is bounded by. */
const CHUNK = 512;
/** Grey and colour images are mixed, and `auto` had begun with the wrong one. */
class MixedChannels extends Error {}

/** Opens the decoded pixels of a manifest's rows: from the cache, or decoded into it once. */
export async function openPixelStore(
  manifest: Manifest,
  options: PixelStoreOptions,
): Promise<PixelStore> {
  const { cacheDir, rows } = options;
  const key = await cacheKey(manifest, rows, options, options.allowOutside ?? false);
  if (!(await openCached(cacheDir, key).then(closeAgain))) {
    const isDone = await decodeInto(key, manifest, options);
    if (!isDone) await decodeInto(key, manifest, { ...options, channels: 3 });
  }
  const cached = await openCached(cacheDir, key);
  if (!cached) throw new Error(`The pixel cache in ${cacheDir} cannot be read back.`);
  cached.index.quarantine.forEach((entry) => options.onQuarantine?.(entry));
  options.onProgress?.(rows.length);
  return storeOf(manifest, cached.index, cached.handle);
}

async function closeAgain(cached: { handle: FileHandle } | undefined): Promise<boolean> {
  await cached?.handle.close();
  return cached !== undefined;
}

function storeOf(manifest: Manifest, index: PixelIndex, handle: FileHandle): PixelStore {
  const { size, channels, nativeSize } = index;
  const bytes = size * size * channels;
  const rows = Int32Array.from(index.rows);
  return {
    count: rows.length,
    size,
    channels,
    rows,
    labels: rows.map((row) => manifest.labels[row] ?? -1),
    sha256: index.sha256,
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
 * @returns false when `auto` met a colour image after grey ones: all have to be decoded as colour then
 */
async function decodeInto(
  key: string,
  manifest: Manifest,
  options: PixelStoreOptions,
): Promise<boolean> {
  const index: PixelIndex = {
    format: 'evenset.pixels',
    formatVersion: 1,
    size: options.size,
    channels: options.channels === 'auto' ? 1 : options.channels,
    rows: [],
    sha256: [],
    nativeSize: null,
    quarantine: [],
  };
  let wanted = options.channels;
  let sizes: 'none' | 'same' | 'different' = 'none';
  let done = 0;

  const take = (row: number, sha256: string, image: DecodedImage): Uint8Array => {
    wanted = image.channels;
    index.channels = image.channels;
    index.rows.push(row);
    index.sha256.push(sha256);
    const { width, height } = image;
    if (sizes === 'none') {
      sizes = 'same';
      index.nativeSize = { width, height };
    } else if (width !== index.nativeSize?.width || height !== index.nativeSize.height) {
      sizes = 'different';
      index.nativeSize = null;
    }
    return image.pixels;
  };

  try {
    await writeAtomic(pixelFile(options.cacheDir, key), async (handle) => {
      const images = readImages(manifest, new Set(options.rows), options.allowOutside ?? false);
      for await (const chunk of chunksOf(images)) {
        options.signal?.throwIfAborted();
        const decoded = await decodeChunk(chunk, options);
        const pixels: Uint8Array[] = [];
        for (const [i, result] of decoded.entries()) {
          const { row, path } = chunk[i] ?? { row: -1, path: '' };
          if ('reason' in result) {
            index.quarantine.push({ row, path, reason: result.reason });
          } else {
            if (wanted !== 'auto' && result.image.channels !== wanted) throw new MixedChannels();
            pixels.push(take(row, result.sha256, result.image));
          }
        }
        await handle.writeFile(Buffer.concat(pixels));
        done += chunk.length;
        options.onProgress?.(done);
      }
    });
  } catch (error) {
    if (error instanceof MixedChannels) return false;
    throw error;
  }
  await writeIndex(options.cacheDir, key, index);
  return true;
}

type Decoded = { sha256: string; image: DecodedImage } | { reason: string };

function decodeChunk(chunk: readonly RowImage[], options: DecodeOptions): Promise<Decoded[]> {
  return mapConcurrently(chunk, 2 * availableParallelism(), async ({ bytes }): Promise<Decoded> => {
    try {
      const file = await bytes();
      return { sha256: sha256Of(file), image: await decodeImage(file, options) };
    } catch (error) {
      return { reason: reasonOf(error) };
    }
  });
}

async function* chunksOf(images: AsyncIterable<RowImage>): AsyncGenerator<RowImage[]> {
  let chunk: RowImage[] = [];
  for await (const image of images) {
    chunk.push(image);
    if (chunk.length === CHUNK) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
