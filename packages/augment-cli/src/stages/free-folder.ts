import { safeFolderNames, type Manifest } from '@evenset/dataset-io';
import { posix } from 'node:path';

/** A folder of the output that no real image's path starts with: the name itself where it is free, else with a number. */
export function freeFolder({ paths }: Pick<Manifest, 'paths'>, name: 'images' | 'samples'): string {
  const tops = new Set<string | undefined>();
  for (const path of paths) {
    const [top] = posix.normalize(path ?? '').split('/');
    tops.add(top?.toLowerCase());
  }
  let free: string = name;
  for (let number = 2; tops.has(free); number++) free = `${name}-${number}`;
  return free;
}

/** Folder of each class's generated images below the output folder. */
export function generatedFolders(manifest: Manifest): string[] {
  const top = freeFolder(manifest, 'images');
  return safeFolderNames(manifest.classes).map((name) => `${top}/${name}`);
}
