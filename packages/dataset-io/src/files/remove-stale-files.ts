import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TEMPORARY } from './write-file-atomic.js';

/** Nobody writes one file for so long. */
const STALE_MS = 24 * 60 * 60 * 1000;

/** Removes temporary files that killed processes left in a folder a day ago or more; what cannot be removed stays. */
export async function removeStaleFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const oldest = Date.now() - STALE_MS;
  for (const name of names.filter((one) => one.endsWith(TEMPORARY))) {
    const file = join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (info && info.mtimeMs < oldest) await rm(file, { force: true }).catch(() => undefined);
  }
}
