import fastGlob from 'fast-glob';
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, relative, resolve, sep } from 'node:path';
import sharp from 'sharp';
import { sha256Of } from '../decode/read-images.js';
import { ManifestError, NotFoundError, reasonOf, type QuarantineEntry } from '../errors.js';
import { mapConcurrently } from '../files/map-concurrently.js';
import { readListing } from './read-listing.js';

/** One image of a new manifest. */
export interface ScannedImage {
  /** Relative to the manifest's folder, with `/`. */
  readonly path: string;
  readonly label: string;
  readonly split: string | null;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

export interface Scan {
  readonly images: readonly ScannedImage[];
  readonly quarantine: readonly QuarantineEntry[];
}

/** A file that is to be scanned. */
export interface ImageFile {
  readonly file: string;
  readonly label: string;
  readonly split: string | null;
}

const EXTENSIONS = ['png', 'jpg', 'jpeg', 'webp', 'avif', 'gif', 'tif', 'tiff'];
const splitNames = new Set(['train', 'test', 'val', 'valid', 'validation', 'dev']);
/** Images read at a time, per core. */
const CONCURRENCY = 4;

/**
 * Scans a folder tree, a glob, or a listing into what a manifest holds.
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
  options: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<Scan> {
  const files = await listFiles(source);
  const images: ScannedImage[] = [];
  const quarantine: QuarantineEntry[] = [];
  let done = 0;
  const scanned = await mapConcurrently(
    files,
    CONCURRENCY * availableParallelism(),
    async (image) => {
      options.signal?.throwIfAborted();
      const path = relative(resolve(folder), image.file).split(sep).join('/');
      const result = await scanFile(image, path);
      options.onProgress?.(++done, files.length);
      return result;
    },
  );
  for (const result of scanned) {
    if ('reason' in result) quarantine.push(result);
    else images.push(result);
  }
  if (images.length === 0) {
    const first = quarantine[0];
    throw new ManifestError(
      `None of the ${files.length} images of ${source} can be read.${first ? ` ${first.path}: ${first.reason}` : ''}`,
    );
  }
  return { images, quarantine };
}

async function scanFile(
  { file, label, split }: ImageFile,
  path: string,
): Promise<ScannedImage | QuarantineEntry> {
  try {
    const bytes = await readFile(file);
    if (bytes.length === 0) throw new Error('the file is empty');
    const info = await sharp(bytes, { failOn: 'error' }).metadata();
    return { path, label, split, width: info.width, height: info.height, sha256: sha256Of(bytes) };
  } catch (error) {
    return { row: null, path, reason: reasonOf(error) };
  }
}

async function listFiles(source: string): Promise<ImageFile[]> {
  const info = await stat(source).catch(() => undefined);
  if (info?.isFile()) return readListing(source);
  const files = info?.isDirectory() ? await listTree(source) : await listGlob(source);
  if (files.length > 0) return files;
  if (info) {
    throw new ManifestError(
      `Expected image files in class folders (${source}/<class>/*.png) but found none. Endings: ${EXTENSIONS.join(' ')}.`,
    );
  }
  throw new NotFoundError(`There is no folder, file or match of a glob ${source}.`, source);
}

async function listTree(folder: string): Promise<ImageFile[]> {
  const found = await fastGlob(`**/*.{${EXTENSIONS.join()}}`, {
    cwd: folder,
    caseSensitiveMatch: false,
    followSymbolicLinks: false,
  });
  const tops = new Set(found.map((path) => path.split('/')[0]?.toLowerCase() ?? ''));
  const isSplit = tops.size > 0 && [...tops].every((top) => splitNames.has(top));
  return found.sort(byCodeUnit).flatMap((path): ImageFile[] => {
    const parts = path.split('/');
    const label = parts[isSplit ? 1 : 0];
    // A file right in the folder belongs to no class.
    if (label === undefined || parts.length < (isSplit ? 3 : 2)) return [];
    return [{ file: resolve(folder, path), label, split: isSplit ? (parts[0] ?? null) : null }];
  });
}

/** A glob's files take the name of the folder that they lie in. */
async function listGlob(pattern: string): Promise<ImageFile[]> {
  const found = await fastGlob(pattern.split(sep).join('/'), { caseSensitiveMatch: false });
  const images = found.filter((path) =>
    EXTENSIONS.includes(path.split('.').at(-1)?.toLowerCase() ?? ''),
  );
  return images.sort(byCodeUnit).map((path) => {
    const file = resolve(path);
    return { file, label: dirname(file).split(sep).at(-1) ?? '', split: null };
  });
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
