import { open, readFile, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { isBelow, resolveImage } from '../manifest/image-path.js';
import type { Manifest } from '../manifest/manifest.js';
import { mapConcurrently } from '../files/map-concurrently.js';
import type { DecodeOptions } from './decode-options.js';
import { sha256Of } from './read-images.js';

/** What a cache file's header tells about its pixels. */
const pixelIndex = z.object({
  format: z.literal('evenset.pixels'),
  formatVersion: z.literal(1),
  size: z.int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  rows: z.array(z.int()),
  sha256: z.array(z.string()),
  nativeSize: z.object({ width: z.int(), height: z.int() }).nullable(),
  quarantine: z.array(z.object({ row: z.int().nullable(), path: z.string(), reason: z.string() })),
});
export type PixelIndex = z.infer<typeof pixelIndex>;

/** Files stat'ed at a time. */
const CONCURRENT_STATS = 64;

/**
 * The name under which decoded pixels are kept: a hash of the options and of what tells the images'
 * content, which is the manifest's hash where they are embedded, else each file's path, size and time.
 */
export async function cacheKey(
  manifest: Manifest,
  rows: readonly number[],
  { size, channels, fit, background }: DecodeOptions,
  allowOutside: boolean,
): Promise<string> {
  const realFolder = await realpath(manifest.folder);
  const stamps =
    manifest.storage === 'embedded'
      ? [manifest.sha256, ...rows]
      : await mapConcurrently(rows, CONCURRENT_STATS, (row) => stampOf(manifest, row, realFolder));
  return sha256Of(JSON.stringify([1, size, channels, fit, background, allowOutside, stamps])).slice(
    0,
    40,
  );
}

async function stampOf(
  { folder, paths }: Manifest,
  row: number,
  realFolder: string,
): Promise<unknown[]> {
  const path = paths[row] ?? null;
  if (path === null) return [row, null];
  try {
    const file = resolveImage(folder, path);
    const { size, mtimeMs, ino } = await stat(file);
    return [row, file, size, mtimeMs, ino, await isBelow(file, realFolder)];
  } catch (error) {
    return [row, path, (error as NodeJS.ErrnoException).code ?? 'error'];
  }
}

/** Opens cached pixels; undefined when there are none or they are damaged. */
export async function openCached(
  cacheDir: string,
  key: string,
): Promise<{ index: PixelIndex; handle: FileHandle } | undefined> {
  let handle: FileHandle | undefined;
  try {
    const index = pixelIndex.parse(JSON.parse(await readFile(indexFile(cacheDir, key), 'utf8')));
    handle = await open(pixelFile(cacheDir, key));
    const { size } = await handle.stat();
    if (size === index.rows.length * index.size ** 2 * index.channels) return { index, handle };
  } catch {
    // Anything unreadable is decoded again.
  }
  await handle?.close();
  return undefined;
}

/** Completes a cache entry: pixels whose index is missing are not found. */
export async function writeIndex(cacheDir: string, key: string, index: PixelIndex): Promise<void> {
  await writeFileAtomic(indexFile(cacheDir, key), Buffer.from(JSON.stringify(index)));
}

/** The raw pixels of a cache entry. */
export function pixelFile(cacheDir: string, key: string): string {
  return join(cacheDir, `${key}.pixels`);
}

function indexFile(cacheDir: string, key: string): string {
  return join(cacheDir, `${key}.json`);
}
