import fastGlob, { type Entry } from 'fast-glob';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { inspectInParallel } from '../decode/image-pool.js';
import { ManifestError, NotFoundError, type QuarantineEntry } from '../errors.js';
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
  const { files, leftOut } = await listFiles(source);
  const pathOf = (file: string) => relative(resolve(folder), file).split(sep).join('/');
  const images: ScannedImage[] = [];
  const quarantine = leftOut.map(({ file, reason }): QuarantineEntry => {
    return { row: null, path: pathOf(file), reason };
  });
  let done = 0;
  for await (const inspected of inspectInParallel(files.map(({ file }) => file))) {
    options.signal?.throwIfAborted();
    for (const result of inspected) {
      const { file, label, split } = files[done++] ?? { file: '', label: '', split: null };
      const path = pathOf(file);
      if ('reason' in result) quarantine.push({ row: null, path, reason: result.reason });
      else images.push({ path, label, split, ...result });
    }
    options.onProgress?.(done, files.length);
  }
  if (images.length === 0) {
    const first = quarantine[0];
    throw new ManifestError(
      `None of the ${files.length} images of ${source} can be read.${first ? ` ${first.path}: ${first.reason}` : ''}`,
    );
  }
  return { images, quarantine };
}

/** What a source holds: files to scan, and what lies there but cannot become a row. */
interface Listing {
  readonly files: readonly ImageFile[];
  readonly leftOut: readonly { readonly file: string; readonly reason: string }[];
}

async function listFiles(source: string): Promise<Listing> {
  const info = await stat(source).catch(() => undefined);
  if (info?.isFile()) return { files: await readListing(source), leftOut: [] };
  const listing = info?.isDirectory() ? await listTree(source) : await listGlob(source);
  if (listing.files.length > 0) return listing;
  if (info) {
    throw new ManifestError(
      `Expected image files in class folders (${source}/<class>/*.png) but found none. Endings: ${EXTENSIONS.join(' ')}.`,
    );
  }
  throw new NotFoundError(`There is no folder, file or match of a glob ${source}.`, source);
}

async function listTree(folder: string): Promise<Listing> {
  const entries = await fastGlob('**', {
    cwd: folder,
    onlyFiles: false,
    objectMode: true,
    followSymbolicLinks: false,
  });
  const outputs = await outputFolders(folder, entries);
  const isOutput = (path: string) => outputs.some((output) => path.startsWith(`${output}/`));
  const images = entries
    .filter(({ path, dirent }) => !dirent.isDirectory() && isImageName(path) && !isOutput(path))
    .map(({ path }) => path)
    .sort(byCodeUnit);
  const links = entries.filter(({ dirent, path }) => dirent.isSymbolicLink() && !isImageName(path));
  const tops = images.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? '');
  const isSplit = tops.length > 0 && tops.every((top) => splitNames.has(top.toLowerCase()));
  const layout = isSplit ? '<split>/<class>/' : '<class>/';
  const files: ImageFile[] = [];
  const leftOut = [
    ...links.map(({ path }) => ({ path, reason: 'a symbolic link to a folder is not followed' })),
    ...outputs.map((path) => ({ path, reason: 'the folder is the output of an earlier run' })),
  ].map(({ path, reason }) => ({ file: resolve(folder, path), reason }));
  for (const path of images) {
    const file = resolve(folder, path);
    const [split, label] = isSplit ? path.split('/') : [null, ...path.split('/')];
    const isInClass = path.split('/').length > (isSplit ? 2 : 1);
    if (isInClass) files.push({ file, label: label ?? '', split: split ?? null });
    else leftOut.push({ file, reason: `the file lies in no ${layout} folder` });
  }
  return { files, leftOut };
}

/** Folders that hold the output of an earlier run: its images are in its own manifest. */
async function outputFolders(folder: string, entries: readonly Entry[]): Promise<string[]> {
  const records = entries.filter(({ path }) => basename(path) === 'run.json' && path.includes('/'));
  const isOurs = async ({ path }: Entry) =>
    (await readFile(resolve(folder, path), 'utf8')).includes('"format": "evenset.run"');
  const checked = await Promise.all(
    records.map(async (record) => ((await isOurs(record)) ? [dirname(record.path)] : [])),
  );
  return checked.flat().sort(byCodeUnit);
}

/** A glob's files take the name of the folder that they lie in. */
async function listGlob(pattern: string): Promise<Listing> {
  const found = await fastGlob(pattern.split(sep).join('/'), { caseSensitiveMatch: false });
  const files = found
    .filter(isImageName)
    .sort(byCodeUnit)
    .map((path): ImageFile => {
      const file = resolve(path);
      return { file, label: basename(dirname(file)), split: null };
    });
  return { files, leftOut: [] };
}

function isImageName(path: string): boolean {
  return EXTENSIONS.includes(extname(path).slice(1).toLowerCase());
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
