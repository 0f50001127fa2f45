import fastGlob from 'fast-glob';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { ManifestError, NotFoundError } from '../errors.js';
import { statIfThere } from '../files/stat-if-there.js';
import { readListing } from './read-listing.js';

/** A file that is to be scanned. */
export interface ImageFile {
  readonly file: string;
  readonly label: string;
  readonly split: string | null;
}

const EXTENSIONS = ['png', 'jpg', 'jpeg', 'webp', 'avif', 'gif', 'tif', 'tiff'];
const splitNames = new Set(['train', 'test', 'val', 'valid', 'validation', 'dev']);

/** What a source holds: files to scan, and what lies there but cannot become a row. */
export interface Listing {
  readonly files: readonly ImageFile[];
  readonly leftOut: readonly { readonly file: string; readonly reason: string }[];
}

/**
 * Lists the image files of a folder tree, a glob, or a listing.
 *
 * @throws NotFoundError when there is no such source
 * @throws ManifestError when it holds no images, or is a listing that cannot be read
 */
export async function listImages(source: string): Promise<Listing> {
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

/** Lists a folder tree without what is hidden, as a glob does. */
async function listTree(folder: string): Promise<Listing> {
  const root = resolve(folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const prefix = root.endsWith(sep) ? root : root + sep;
  const outputs = openOutputCheck(root);
  const leftOut: { file: string; reason: string }[] = [];
  const found: { file: string; path: string }[] = [];
  for (const entry of entries) {
    const file = entry.parentPath + sep + entry.name;
    const path = file.slice(prefix.length).split(sep).join('/');
    if (/(^|\/)\./.test(path)) continue;
    if (entry.isSymbolicLink() && statIfThere(file)?.isDirectory()) {
      leftOut.push({ file, reason: 'a symbolic link to a folder is not followed' });
    } else if (!entry.isDirectory() && isImageName(path) && !outputs.contain(file)) {
      found.push({ file, path });
    }
  }
  found.sort((a, b) => byCodeUnit(a.path, b.path));
  for (const file of outputs.found()) {
    leftOut.push({ file, reason: 'the folder is the output of an earlier run' });
  }
  const isSplit = hasSplitFolders(
    folder,
    found.map(({ path }) => path),
  );
  const layout = isSplit ? '<split>/<class>/' : '<class>/';
  const files: ImageFile[] = [];
  for (const { file, path } of found) {
    const parts = path.split('/');
    const [split, label] = isSplit ? parts : [null, ...parts];
    const isInClass = parts.length > (isSplit ? 2 : 1);
    if (isInClass) files.push({ file, label: label ?? '', split: split ?? null });
    else leftOut.push({ file, reason: `the file lies in no ${layout} folder` });
  }
  return { files, leftOut };
}

/**
 * Whether a tree's first folders are splits: they have the names of splits, and folders in them.
 *
 * @throws ManifestError when some are and some are not
 */
function hasSplitFolders(folder: string, paths: readonly string[]): boolean {
  const depths = new Map<string, number>();
  for (const path of paths) {
    const parts = path.split('/');
    const [top = ''] = parts;
    if (parts.length > 1) depths.set(top, Math.min(parts.length, depths.get(top) ?? Infinity));
  }
  const tops = [...depths.keys()];
  const isSplit = (top: string) => splitNames.has(top.toLowerCase()) && (depths.get(top) ?? 0) > 2;
  const [split, other] = [tops.find(isSplit), tops.find((top) => !isSplit(top))];
  if (split === undefined || other === undefined) return split !== undefined;
  throw new ManifestError(
    `Expected ${folder}/<class>/ or ${folder}/<split>/<class>/ but ${split}/ looks like a split and ${other}/ like a class; scan a glob or a listing instead.`,
  );
}

/** A glob's files take the name of the folder that they lie in. */
async function listGlob(pattern: string): Promise<Listing> {
  const glob = pattern.split(sep).join('/');
  const found = await fastGlob(glob, { caseSensitiveMatch: false });
  const [task] = fastGlob.generateTasks(glob);
  const outputs = openOutputCheck(resolve(task?.base ?? '.'));
  const files = found
    .filter((path) => isImageName(path) && !outputs.contain(resolve(path)))
    .sort(byCodeUnit)
    .map((path): ImageFile => {
      const file = resolve(path);
      return { file, label: basename(dirname(file)), split: null };
    });
  return { files, leftOut: [] };
}

/** Tells files below `root` that lie in the output folder of an earlier run: its own manifest lists them. */
function openOutputCheck(root: string): { contain(file: string): boolean; found(): string[] } {
  const known = new Map<string, boolean>();
  const isOutput = (folder: string): boolean => {
    let answer = known.get(folder);
    if (answer === undefined) {
      const record = join(folder, 'run.json');
      answer = existsSync(record) && readFileSync(record, 'utf8').includes('"evenset.run"');
      known.set(folder, answer);
    }
    return answer;
  };
  const contain = (file: string): boolean => {
    const folder = dirname(file);
    return folder.length > root.length && (isOutput(folder) || contain(folder));
  };
  return { contain, found: () => [...known].flatMap(([folder, is]) => (is ? [folder] : [])) };
}

function isImageName(path: string): boolean {
  return EXTENSIONS.includes(extname(path).slice(1).toLowerCase());
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
