import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of a cache entry: the index, which is touched when the entry is opened, or what belongs to it. */
const entryFile = /^([0-9a-f]{40})\.(json|rows|pixels)$/;

/** Nobody has opened an entry for so long: 30 days. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/** Removes the entries of a pixel cache that nobody uses any more; what cannot be removed stays. */
export async function removeUnusedEntries(cacheDir: string): Promise<void> {
  const lastUse = new Map<string, number>();
  const names = (await readdir(cacheDir).catch(() => [])).filter((name) => entryFile.test(name));
  for (const name of names) {
    const info = await stat(join(cacheDir, name)).catch(() => undefined);
    const key = keyOf(name);
    lastUse.set(key, Math.max(lastUse.get(key) ?? 0, info?.mtimeMs ?? Infinity));
  }
  // Others give files such names too: an entry is what has pixels.
  const isEntry = (key: string) => names.includes(`${key}.pixels`);
  const isOld = (key: string) => Date.now() - (lastUse.get(key) ?? 0) > UNUSED_MS;
  const unused = names.filter((name) => isEntry(keyOf(name)) && isOld(keyOf(name)));
  // The index first (json comes before the others): without it nobody finds the rest.
  for (const name of unused.sort()) {
    await rm(join(cacheDir, name), { force: true }).catch(() => undefined);
  }
}

function keyOf(name: string): string {
  return entryFile.exec(name)?.[1] ?? '';
}
