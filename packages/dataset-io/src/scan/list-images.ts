import { stat } from 'node:fs/promises';
import { ManifestError, NotFoundError } from '../errors.js';
import { EXTENSIONS } from './is-image-name.js';
import { listGlob } from './list-glob.js';
import type { ListedValues } from './listed-columns.js';
import { listTree } from './list-tree.js';
import { readListing } from './read-listing.js';
import type { ManifestLayout } from './write-manifest.js';

/** A file that is to be scanned. */
export interface ImageFile {
  readonly file: string;
  readonly label: string;
  readonly split: string | null;
  /** What a listing says of it beside that. */
  readonly listed?: ListedValues;
}

/** What a source holds: files to scan, and what lies there but cannot become a row. */
export interface Listing extends ManifestLayout {
  readonly count: number;
  readonly files: Iterable<ImageFile> | AsyncIterable<ImageFile>;
  readonly leftOut: readonly LeftOut[];
}

/** What cannot become a row, and why. */
export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

/**
 * Lists the image files of a folder tree, a glob, or a listing.
 *
 * @throws NotFoundError when there is no such source
 * @throws ManifestError when it holds no images, or is a listing that cannot be read
 */
export async function listImages(source: string): Promise<Listing> {
  const info = await stat(source).catch(() => undefined);
  if (info?.isFile()) return readListing(source);
  const listing = info?.isDirectory() ? listTree(source) : await listGlob(source);
  if (listing.count > 0) return listing;
  if (info) {
    throw new ManifestError(
      `Expected image files in class folders (${source}/<class>/*.png) but found none. Endings: ${EXTENSIONS.join(' ')}.`,
    );
  }
  throw new NotFoundError(`There is no folder, file or match of a glob ${source}.`, source);
}
