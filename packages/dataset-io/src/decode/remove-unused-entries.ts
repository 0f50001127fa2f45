import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A cache entry, which is touched when it is opened. */
const entryFile = /^[0-9a-f]{40}\.pixels$/;

/** Nobody has opened an entry for so long: 30 days. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/** Removes the entries of a pixel cache that nobody uses any more; what cannot be removed stays. */
export async function removeUnusedEntries(cacheDir: string): Promise<void> {
  const names = (await readdir(cacheDir).catch(() => [])).filter((name) => entryFile.test(name));
  for (const name of names) {
    const file = join(cacheDir, name);
    const info = await stat(file).catch(() => undefined);
    const isUnused = info !== undefined && Date.now() - info.mtimeMs > UNUSED_MS;
    if (isUnused) await rm(file, { force: true }).catch(() => undefined);
  }
}
