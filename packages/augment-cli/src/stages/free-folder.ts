import { safeFolderNames, type Manifest } from '@evenset/dataset-io';

/** A folder of the output that no real image's path starts with: the name itself where it is free. */
export function freeFolder({ paths }: Manifest, name: 'images' | 'samples'): string {
  const isTaken = paths.some((path) => path?.toLowerCase().startsWith(`${name}/`));
  return isTaken ? `${name}-generated` : name;
}

/** Folder of each class's generated images below the output folder. */
export function generatedFolders(manifest: Manifest): string[] {
  const top = freeFolder(manifest, 'images');
  return safeFolderNames(manifest.classes).map((name) => `${top}/${name}`);
}
