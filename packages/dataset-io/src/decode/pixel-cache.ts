import { open, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readExactly } from '../files/read-exactly.js';
import { readHashes, readRows, RECORD } from './row-records.js';

/** Changes with whatever changes what is decoded: cached pixels of another version are not found. */
export const FORMAT_VERSION = 7;

/** What the end of a cache entry tells about its pixels. */
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
  /** Row of each image. */
  readonly rows: Int32Array;
  readonly handle: FileHandle;
  /** SHA-256 of each image, behind each other, a piece at a time. */
  hashes(): AsyncGenerator<Buffer>;
}

/** Bytes of the length of an index. */
const LENGTH = 4;

/** Opens cached pixels; undefined when there are none or they are damaged. */
export async function openCached(cacheDir: string, key: string): Promise<CachedPixels | undefined> {
  let handle: FileHandle | undefined;
  try {
    const file = pixelFile(cacheDir, key);
    handle = await open(file);
    const { size: end } = await handle.stat();
    const length = (await readExactly(handle, end - LENGTH, LENGTH)).readUInt32LE();
    const text = (await readExactly(handle, end - LENGTH - length, length)).toString();
    const index = pixelIndex.parse(JSON.parse(text));
    const pixels = index.count * index.size ** 2 * index.channels;
    const records = index.count * RECORD;
    if (pixels + records + length + LENGTH === end) {
      const rows = await readRows(handle, pixels, index.count);
      await touch(file);
      const opened = handle;
      const hashes = () => readHashes(opened, pixels, index.count);
      return { index, rows, handle, hashes };
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

/** What follows an entry's pixels and records: the index, and its length. */
export function pixelTail(index: PixelIndex): Buffer {
  const text = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(text.length);
  return Buffer.concat([text, length]);
}

/** The file of a cache entry. */
export function pixelFile(cacheDir: string, key: string): string {
  return join(cacheDir, `${key}.pixels`);
}
