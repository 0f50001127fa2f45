import { isAbsolute, join, posix, relative, sep, win32 } from 'node:path';
import { ManifestError } from '../errors.js';

/** Whether a path as written does not stay below its manifest's folder, on whatever system. */
export function leadsOutside(path: string): boolean {
  const normal = posix.normalize(path.replaceAll('\\', '/'));
  return normal === '..' || normal.startsWith('../') || isAbsolute(path) || win32.isAbsolute(path);
}

/** @throws ManifestError when a path as written leads out of the manifest's folder */
export function assertInside(path: string, row: number, manifest: string): void {
  if (!leadsOutside(path)) return;
  throw new ManifestError(
    `Row ${row} of ${manifest}: the path "${path}" leads out of the manifest's folder; --allow-outside accepts it.`,
  );
}

/** The file that a manifest's path names. */
export function resolveImage(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, ...path.split('/'));
}

/** Whether a file lies below a folder; both with all symbolic links followed. */
export function liesBelow(realFile: string, realFolder: string): boolean {
  const way = relative(realFolder, realFile);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
