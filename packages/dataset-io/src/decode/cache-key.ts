import { createHash } from 'node:crypto';
import { statIfThere } from '../files/stat-if-there.js';
import { resolveImage } from '../manifest/image-path.js';
import type { Manifest } from '../manifest/manifest.js';
import type { DecodeOptions } from './decode-options.js';
import { STAMP, stampOf } from './file-stamp.js';
import { FORMAT_VERSION } from './pixel-cache.js';

/** What decides which pixels a file gives, and whether it gives any. */
export interface KeyOptions extends DecodeOptions {
  readonly allowOutside: boolean;
}

/** Files whose paths are at hand together: those of all would take more memory than the rest of a manifest. */
const SLICE = 1024;

/**
 * The name under which decoded pixels of a manifest's rows are kept: a hash of the options and of what tells the
 * images' content, which is the manifest's hash where they are embedded, else each file's path, size, time and inode.
 */
export function cacheKey(
  { storage, sha256, folder, paths }: Manifest,
  rows: Int32Array,
  options: KeyOptions,
): string {
  if (storage === 'embedded') return digest(sha256, rows, options);
  const files = openFilesHash();
  for (let from = 0; from < rows.length; from += SLICE) {
    const some = Array.from(rows.subarray(from, from + SLICE), (row) =>
      resolveImage(folder, paths.at(row) ?? ''),
    );
    const stamps = new Float64Array(some.length * STAMP);
    some.forEach((file, i) => {
      stamps.set(stampOf(statIfThere(file)), i * STAMP);
    });
    files.add(some, stamps);
  }
  return files.key(rows, options);
}

/** The same for files whose versions are known, as they come. */
export interface FilesHash {
  /** Adds files and their stamps, [n, 3]. */
  add(files: readonly string[], stamps: Float64Array): void;
  /** The key, once all are added. */
  key(rows: Int32Array, options: KeyOptions): string;
}

export function openFilesHash(): FilesHash {
  const paths = createHash('sha256');
  const versions = createHash('sha256');
  return {
    add(files, stamps) {
      paths.update(`${files.join('\0')}\0`);
      versions.update(stamps);
    },
    key: (rows, options) => digest(paths.digest('hex') + versions.digest('hex'), rows, options),
  };
}

function digest(
  content: string,
  rows: Int32Array,
  { size, channels, fit, background, allowOutside }: KeyOptions,
): string {
  const options = [FORMAT_VERSION, size, channels, fit, background, allowOutside, content];
  const hash = createHash('sha256').update(JSON.stringify(options));
  return hash.update(rows).digest('hex').slice(0, 40);
}
