import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { liesBelow } from '../manifest/image-path.js';

/** Where an image's bytes are: in a file, which may have to lie below a folder, or at hand. */
export type ImageSource =
  | { readonly file: string; readonly mustLieBelow?: string | undefined }
  | { readonly bytes: Uint8Array }
  | { readonly reason: string };

/**
 * The bytes of an image file.
 *
 * @throws Error when they cannot be read, or lie where they must not
 */
export function readSource(source: ImageSource): Uint8Array {
  if ('reason' in source) throw new Error(source.reason);
  if ('bytes' in source) return source.bytes;
  const { file, mustLieBelow } = source;
  if (mustLieBelow !== undefined && !liesBelow(realPathOf(file), mustLieBelow)) {
    throw new Error(
      "a symbolic link leads out of the manifest's folder; --allow-outside accepts it",
    );
  }
  return readFileSync(file);
}

/** The last folder whose real path was asked for: images come folder by folder. */
let lastFolder = { path: '', realPath: '' };

/** A file's path with all symbolic links followed. */
function realPathOf(file: string): string {
  const path = dirname(file);
  if (lastFolder.path !== path) lastFolder = { path, realPath: realpathSync.native(path) };
  return lstatSync(file).isSymbolicLink()
    ? realpathSync.native(file)
    : join(lastFolder.realPath, basename(file));
}
