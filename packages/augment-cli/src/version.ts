import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** This package's version. */
export const version = versionIn(new URL('../package.json', import.meta.url));

const require = createRequire(import.meta.url);

/** The versions that decide what a run writes. */
export const versions: Record<string, string> = {
  evenset: version,
  node: process.versions.node,
  ...Object.fromEntries(
    ['@evenset/dataset-io', '@evenset/gan-core', '@evenset/quality-eval'].map((name) => [
      name,
      versionIn(require.resolve(`${name}/package.json`)),
    ]),
  ),
};

function versionIn(file: URL | string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
