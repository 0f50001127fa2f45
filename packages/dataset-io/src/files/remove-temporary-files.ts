import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A name that a file of ours has until it is whole: its own, a UUID and an ending that others use too. */
const temporary = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Nobody writes one file for so long: a day. */
export const STALE_MS = 24 * 60 * 60 * 1000;

/** Whether a file is one of ours that was not finished, by its name. */
export function isTemporaryName(name: string): boolean {
  return temporary.test(name);
}

/**
 * Removes the half-written files that killed processes left in a folder; what cannot be removed stays.
 *
 * @param options.olderThanMs for a folder that others may be writing to now
 * @param options.of only those that were to become this file
 */
export async function removeTemporaryFiles(
  folder: string,
  { olderThanMs, of = '' }: { readonly olderThanMs?: number; readonly of?: string } = {},
): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(of) || !isTemporaryName(name)) continue;
    const file = join(folder, name);
    if (olderThanMs !== undefined) {
      const info = await stat(file).catch(() => undefined);
      if (!info || Date.now() - info.mtimeMs < olderThanMs) continue;
    }
    await rm(file, { force: true }).catch(() => undefined);
  }
}
