import { closeSync, constants, lstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { liesBelow } from '../manifest/image-path.js';

/** Where an image's bytes are: in a file, which may have to lie below a folder, or at hand. */
export type ImageSource =
  | { readonly file: string; readonly mustLieBelow?: string | undefined }
  | { readonly bytes: Uint8Array }
  | { readonly reason: string };

/** Opens no symbolic link; Windows does not know it. */
const NO_FOLLOW = constants.O_NOFOLLOW as number | undefined;

/**
 * The bytes of an image file.
 *
 * @throws Error when they cannot be read, or lie where they must not
 */
export function readSource(source: ImageSource): Uint8Array {
  if ('reason' in source) throw new Error(source.reason);
  if ('bytes' in source) return source.bytes;
  const { file, mustLieBelow } = source;
  if (mustLieBelow === undefined) return readFileSync(file);
  const plain = isFolderBelow(dirname(file), mustLieBelow) ? readUnlessLink(file) : undefined;
  if (plain) return plain;
  if (liesBelow(realpathSync.native(file), mustLieBelow)) return readFileSync(file);
  throw new Error("a symbolic link leads out of the manifest's folder; --allow-outside accepts it");
}

/** What was last asked: images come folder by folder. */
let last = { folder: '', outer: '', isBelow: false };

/** Whether a folder, with all symbolic links followed, is another one or lies below it. */
function isFolderBelow(folder: string, outer: string): boolean {
  if (last.folder !== folder || last.outer !== outer) {
    last = { folder, outer, isBelow: liesBelow(realpathSync.native(folder), outer) };
  }
  return last.isBelow;
}

function readUnlessLink(file: string): Uint8Array | undefined {
  if (NO_FOLLOW === undefined) {
    return lstatSync(file).isSymbolicLink() ? undefined : readFileSync(file);
  }
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | NO_FOLLOW);
  } catch (error) {
    // What the system says of a link.
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return undefined;
    throw error;
  }
  try {
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}
