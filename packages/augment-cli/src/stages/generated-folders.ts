import { safeFolderNames, type Manifest } from '@evenset/dataset-io';

/** Folder of each class's generated images below the output folder; no real image's path starts there. */
export function generatedFolders({ classes, paths }: Manifest): string[] {
  const isTaken = paths.some((path) => path?.toLowerCase().startsWith('images/'));
  const top = isTaken ? 'images-generated' : 'images';
  return safeFolderNames(classes).map((name) => `${top}/${name}`);
}
