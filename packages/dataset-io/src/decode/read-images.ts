import { realpathSync } from 'node:fs';
import { imagesOf, type Manifest } from '../manifest/manifest.js';
import { resolveImage } from '../manifest/image-path.js';
import type { FolderRule, ImageSource } from './read-source.js';

/** One row's image. */
export interface RowImage {
  readonly row: number;
  readonly path: string;
  readonly source: ImageSource;
}

/** Where a manifest's image files have to lie. */
export function folderRule(
  { folder }: Pick<Manifest, 'folder'>,
  allowOutside: boolean,
): FolderRule | undefined {
  return allowOutside ? undefined : { folder: realpathSync(folder), isRequired: true };
}

/**
 * The images of some rows of a manifest, in order; embedded ones come batch by batch.
 *
 * @param rows ascending, each once
 */
export function readImages(
  manifest: Manifest,
  rows: Int32Array,
): Iterable<RowImage> | AsyncIterable<RowImage> {
  return manifest.storage === 'path' ? imageFiles(manifest, rows) : embeddedImages(manifest, rows);
}

/** The image files of some rows. */
export function* imageFiles(
  { folder, paths }: Pick<Manifest, 'folder' | 'paths'>,
  rows: Iterable<number>,
): Generator<RowImage> {
  for (const row of rows) {
    const path = paths.at(row) ?? null;
    yield path === null
      ? { row, path: `row ${row}`, source: { reason: 'the path is null' } }
      : { row, path, source: resolveImage(folder, path) };
  }
}

async function* embeddedImages(manifest: Manifest, rows: Int32Array): AsyncGenerator<RowImage> {
  let row = 0;
  /** Place of the next row to give. */
  let next = 0;
  for await (const batch of manifest.arrow.batches()) {
    const imageOf = imagesOf(batch);
    for (let i = 0; i < batch.numRows; i++, row++) {
      if (rows[next] !== row) continue;
      next++;
      const { bytes } = imageOf(i);
      yield {
        row,
        path: manifest.paths.at(row) ?? `row ${row}`,
        // A copy: with a view, the whole batch's bytes would go to the thread.
        source: bytes ? bytes.slice() : { reason: 'the row holds no image bytes' },
      };
    }
  }
}
