import { open, readFile, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { decodeRowRecords } from './row-records.js';

/** Changes with whatever changes what is decoded: cached pixels of another version are not found. */
export const FORMAT_VERSION = 7;

/** What the header of a cache entry tells about its pixels. */
const pixelIndex = z.object({
  format: z.literal('evenset.pixels'),
  formatVersion: z.literal(FORMAT_VERSION),
  size: z.int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  count: z.int(),
  nativeSize: z.object({ width: z.int(), height: z.int() }).nullable(),
  quarantine: z.array(z.object({ row: z.int().nullable(), path: z.string(), reason: z.string() })),
  /** Rows of those whose file was there and could not be read. */
  unread: z.array(z.int()),
});
export type PixelIndex = z.infer<typeof pixelIndex>;

/** A cache entry that is open. */
export interface CachedPixels {
  readonly index: PixelIndex;
  /** Row of each image, and its SHA-256, 32 bytes each. */
  readonly rows: Int32Array;
  readonly sha256: Uint8Array;
  readonly handle: FileHandle;
}

/** Opens cached pixels; undefined when there are none or they are damaged. */
export async function openCached(cacheDir: string, key: string): Promise<CachedPixels | undefined> {
  let handle: FileHandle | undefined;
  try {
    const index = pixelIndex.parse(JSON.parse(await readFile(indexFile(cacheDir, key), 'utf8')));
    const { rows, sha256 } = decodeRowRecords(await readFile(recordsFile(cacheDir, key)));
    handle = await open(pixelFile(cacheDir, key));
    const { size } = await handle.stat();
    const isWhole = size === index.count * index.size ** 2 * index.channels;
    if (isWhole && rows.length === index.count) {
      await touch(indexFile(cacheDir, key));
      return { index, rows, sha256, handle };
    }
  } catch {
    // Anything unreadable is decoded again.
  }
  await handle?.close();
  return undefined;
}

/** Marks a file as used now, where that is allowed. */
async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
}

/** Completes a cache entry: pixels whose index is missing are not found. */
export async function writeIndex(
  cacheDir: string,
  key: string,
  index: PixelIndex,
  records: Uint8Array,
): Promise<void> {
  await writeFileAtomic(recordsFile(cacheDir, key), records);
  await writeFileAtomic(indexFile(cacheDir, key), Buffer.from(JSON.stringify(index)));
}

/** The raw pixels of a cache entry. */
export function pixelFile(cacheDir: string, key: string): string {
  return join(cacheDir, `${key}.pixels`);
}

function indexFile(cacheDir: string, key: string): string {
  return join(cacheDir, `${key}.json`);
}

function recordsFile(cacheDir: string, key: string): string {
  return join(cacheDir, `${key}.rows`);
}
