import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, root } from './run-command.mjs';

/** Installs the locked dependencies unless they are there already. */
export async function install() {
  if (await isInstalled()) return;
  // No dependency needs its install script: binaries come inside the npm packages.
  await mustRun('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

/** Compiles every package; unchanged ones come from Nx's cache. */
export async function build() {
  await mustRun('npx', ['nx', 'run-many', '-t', 'build', '--outputStyle=static']);
}

async function isInstalled() {
  const wanted = await readLock(join(root, 'package-lock.json'));
  const present = await readLock(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted.packages).every(([path, { version, optional, link }]) => {
    const installed = present.packages[path];
    if (!installed)
      return path === '' || !path.startsWith('node_modules') || optional === true || link === true;
    return installed.version === version;
  });
}

async function readLock(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
