import { basename, extname, join } from 'node:path';
import { readImages } from '../decode/read-images.js';
import { linkOrCopy } from '../files/link-or-copy.js';
import { safeFolderNames } from '../files/safe-folder-names.js';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { trainSplitOf } from '../manifest/manifest.js';
import type { Sink } from './sink.js';

/**
 * Writes real and generated images as `image-folder/<split>/<class>/<file>`, which torchvision's ImageFolder
 * and Keras read: hard links where possible, else copies.
 */
export const exportImageFolder: Sink = async (dataset, folder) => {
  const { manifest, readableRows, generated } = dataset;
  const classFolders = safeFolderNames(manifest.classes);
  const trainSplit = trainSplitOf(manifest);
  const fileIn = (split: string, label: number, name: string) =>
    join(folder, 'image-folder', ...safeFolderNames([split]), classFolders[label] ?? '', name);

  for await (const { row, path, source } of readImages(manifest, readableRows)) {
    const split = manifest.splits?.at(row) ?? trainSplit;
    const target = fileIn(split, manifest.labels[row] ?? 0, realName(row, path));
    if (typeof source === 'string') await linkOrCopy(source, target);
    else if (source instanceof Uint8Array) await writeFileAtomic(target, source);
  }
  for (const { path, label } of generated) {
    const target = fileIn(trainSplit, label, `generated-${basename(path)}`);
    await linkOrCopy(join(folder, ...path.split('/')), target);
  }
};

/** Row number and file name: two rows of a class may have files of the same name. */
function realName(row: number, path: string): string {
  const extension = extname(path) || '.png';
  return `${String(row).padStart(7, '0')}-${basename(path, extension)}${extension}`;
}
