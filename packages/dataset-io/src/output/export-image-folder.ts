import { basename, extname, join } from 'node:path';
import { readImages } from '../decode/read-images.js';
import { linkOrCopy } from '../files/link-or-copy.js';
import { safeFolderNames } from '../files/safe-folder-names.js';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { resolveImage } from '../manifest/image-path.js';
import type { Manifest } from '../manifest/manifest.js';
import type { GeneratedRow } from './generated-row.js';

/**
 * Writes real and generated images as `<split>/<class>/<file>`, which torchvision's ImageFolder and Keras read:
 * hard links where possible, else copies.
 *
 * @param rows the real rows whose images can be read
 * @param outFolder where the generated rows' paths start
 */
export async function exportImageFolder(
  manifest: Manifest,
  rows: Iterable<number>,
  generated: readonly GeneratedRow[],
  outFolder: string,
  target: string,
): Promise<void> {
  const folders = safeFolderNames(manifest.classes);
  const place = (label: number, split: string, name: string) =>
    join(target, split, folders[label] ?? '', name);
  const nameOf = (row: number, path: string) => {
    const extension = extname(path) || '.png';
    return `${String(row).padStart(7, '0')}-${basename(path, extension)}${extension}`;
  };
  const readable = new Set([...rows].filter((row) => (manifest.labels[row] ?? -1) >= 0));
  for await (const { row, path, bytes } of readImages(manifest, readable, true)) {
    const to = place(
      manifest.labels[row] ?? 0,
      safeSplit(manifest.splits?.[row]),
      nameOf(row, path),
    );
    if (manifest.storage === 'path') await linkOrCopy(resolveImage(manifest.folder, path), to);
    else await writeFileAtomic(to, await bytes());
  }
  for (const { path, label } of generated) {
    await linkOrCopy(
      join(outFolder, ...path.split('/')),
      place(label, 'train', `generated-${basename(path)}`),
    );
  }
}

function safeSplit(split: string | null | undefined): string {
  return safeFolderNames([split ?? 'train'])[0] ?? 'train';
}
