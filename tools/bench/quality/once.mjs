import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes something in a folder of its own, named after all that decides it, unless an earlier run has finished it.
 * So an interrupted benchmark goes on where it stopped.
 *
 * @param make is given the new folder and returns what result.json shall say
 * @returns that result, and the folder as `folder`
 */
export async function once(parent, name, key, make) {
  const folder = join(parent, `${name}-${hashOf([JSON.stringify(key)])}`);
  const file = join(folder, 'result.json');
  if (!existsSync(file)) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.part`, JSON.stringify((await make(folder)) ?? {}, null, 2));
    await rename(`${file}.part`, file);
  }
  return { ...JSON.parse(await readFile(file, 'utf8')), folder };
}

/** A short name for the content of some files. */
export async function contentOf(files) {
  return hashOf(await Promise.all(files.map((file) => readFile(file))));
}

function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 12);
}
