import { isAbsolute, join, posix, relative, sep, win32 } from 'node:path';
import { ManifestError } from '../errors.js';

/** A path that may be absolute or have a part `..`: asked of every row, and most have neither. */
const mayLeadOutside = /^[\\/]|^[a-z]:|\.\./i;

/** Whether a path as written does not stay below its manifest's folder, on whatever system. */
export function leadsOutside(path: string): boolean {
  if (!mayLeadOutside.test(path)) return false;
  if (isAbsolute(path) || win32.isAbsolute(path)) return true;
  const normal = posix.normalize(path.replaceAll('\\', '/'));
  return normal === '..' || normal.startsWith('../');
}

/** @throws ManifestError when a path as written leads out of the manifest's folder */
export function assertInside(path: string, row: number, manifest: string): void {
  if (!leadsOutside(path)) return;
  throw new ManifestError(
    `Row ${row} of ${manifest}: the path "${path}" leads out of the manifest's folder; --allow-outside accepts it.`,
  );
}

/** An empty part of a path, `.` or `..`. */
const oddPart = /(^|\/)\.{0,2}(\/|$)/;

/** The file that a manifest's path names. */
export function resolveImage(folder: string, path: string): string {
  if (isAbsolute(path)) return path;
  // As join does it, in a fifth of the time: asked of every row.
  const isPlain = sep === '/' && !oddPart.test(path);
  return isPlain ? `${folder.endsWith(sep) ? folder : folder + sep}${path}` : join(folder, path);
}

/** Whether a file lies below a folder; both with all symbolic links followed. */
export function liesBelow(realFile: string, realFolder: string): boolean {
  const way = relative(realFolder, realFile);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A path as seen from another folder; absolute ones hold everywhere. */
export function rebasePath(path: string, from: string, to: string): string {
  if (isAbsolute(path) || from === to) return path;
  return relative(to, resolveImage(from, path)).split(sep).join('/');
}

/**
 * The path of a real image in an output folder: its own, because what lies in the manifest's folder is placed in
 * the output folder too, unless it leads outside.
 */
export function outputPath(path: string, from: string, to: string): string {
  return leadsOutside(path) ? rebasePath(path, from, to) : path;
}
