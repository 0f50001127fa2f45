import { createHash, type Hash } from 'node:crypto';
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

/**
 * The name under which decoded pixels of a manifest's rows are kept: a hash of the options and of what tells the
 * images' content, which is the manifest's hash where they are embedded, else each file's path, size, time and inode.
 */
export function cacheKey(manifest: Manifest, rows: readonly number[], options: KeyOptions): string {
  if (manifest.storage === 'embedded') {
    return digest(openHash(options, rows).update(manifest.sha256));
  }
  const files = rows.map((row) => resolveImage(manifest.folder, manifest.paths[row] ?? ''));
  const stamps = new Float64Array(files.length * STAMP);
  files.forEach((file, i) => {
    stamps.set(stampOf(statIfThere(file)), i * STAMP);
  });
  return filesKey(files, [stamps], rows, options);
}

/** The same for files whose stamps are known: [n, 3] in one piece or more. */
export function filesKey(
  files: readonly string[],
  stamps: readonly Float64Array[],
  rows: readonly number[],
  options: KeyOptions,
): string {
  const hash = openHash(options, rows);
  for (const piece of stamps) hash.update(piece);
  for (let from = 0; from < files.length; from += SLICE) {
    hash.update(files.slice(from, from + SLICE).join('\0'));
  }
  return digest(hash);
}

/** Paths that are hashed in one piece. */
const SLICE = 1024;

function openHash(
  { size, channels, fit, background, allowOutside }: KeyOptions,
  rows: readonly number[],
): Hash {
  const options = [FORMAT_VERSION, size, channels, fit, background, allowOutside];
  return createHash('sha256').update(JSON.stringify(options)).update(Int32Array.from(rows));
}

function digest(hash: Hash): string {
  return hash.digest('hex').slice(0, 40);
}
