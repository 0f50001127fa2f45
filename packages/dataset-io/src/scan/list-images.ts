import { stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { ManifestError, NotFoundError } from '../errors.js';
import { EXTENSIONS, isImageName } from './is-image-name.js';
import { isOutputFolder } from './is-output-folder.js';
import type { ListedValues } from './listed-columns.js';
import { listTree } from './list-tree.js';
import { readListing } from './read-listing.js';

/** A file that is to be scanned. */
export interface ImageFile {
  readonly file: string;
  readonly label: string;
  readonly split: string | null;
  /** What a listing says of it beside that. */
  readonly listed?: ListedValues;
}

/** What a source holds: files to scan, and what lies there but cannot become a row. */
export interface Listing {
  readonly files: ImageFile[];
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
  const listing = info?.isDirectory() ? listTree(source) : await listGlob(source);
  if (listing.files.length > 0) return listing;
  if (info) {
    throw new ManifestError(
      `Expected image files in class folders (${source}/<class>/*.png) but found none. Endings: ${EXTENSIONS.join(' ')}.`,
    );
  }
  throw new NotFoundError(`There is no folder, file or match of a glob ${source}.`, source);
}

/** A glob's files take the name of the folder that they lie in. */
async function listGlob(pattern: string): Promise<Listing> {
  const glob = pattern.split(sep).join('/');
  const { default: fastGlob } = await import('fast-glob');
  const found = await fastGlob(glob, { caseSensitiveMatch: false });
  const [task] = fastGlob.generateTasks(glob);
  const isInOutput = openOutputCheck(resolve(task?.base ?? '.'));
  const files = found
    .filter((path) => isImageName(path) && !isInOutput(resolve(path)))
    .sort()
    .map((path): ImageFile => {
      const file = resolve(path);
      return { file, label: basename(dirname(file)), split: null };
    });
  return { files, leftOut: [] };
}

/** Tells files that lie below `root` in the output folder of an earlier run. */
function openOutputCheck(root: string): (file: string) => boolean {
  const known = new Map<string, boolean>();
  const isOutput = (folder: string): boolean => {
    const answer = known.get(folder) ?? isOutputFolder(folder);
    known.set(folder, answer);
    return answer;
  };
  const isInOutput = (file: string): boolean => {
    const folder = dirname(file);
    return folder.length > root.length && (isOutput(folder) || isInOutput(folder));
  };
  return isInOutput;
}
