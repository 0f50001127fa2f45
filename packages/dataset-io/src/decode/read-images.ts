import { realpath } from 'node:fs/promises';
import { imagesOf, type Manifest } from '../manifest/manifest.js';
import { resolveImage } from '../manifest/image-path.js';
import type { ImageSource } from './read-source.js';

/** One row's image. */
export interface RowImage {
  readonly row: number;
  readonly path: string;
  readonly source: ImageSource;
}

/** The images of some rows of a manifest, in order; embedded ones come batch by batch. */
export async function* readImages(
  manifest: Manifest,
  rows: ReadonlySet<number>,
  allowOutside: boolean,
): AsyncGenerator<RowImage> {
  if (manifest.storage === 'path') {
    const mustLieBelow = allowOutside ? undefined : await realpath(manifest.folder);
    for (const row of rows) {
      const path = manifest.paths[row] ?? null;
      yield path === null
        ? { row, path: `row ${row}`, source: { reason: 'the path is null' } }
        : { row, path, source: { file: resolveImage(manifest.folder, path), mustLieBelow } };
    }
    return;
  }
  let row = 0;
  for await (const batch of manifest.arrow.batches()) {
    const imageOf = imagesOf(batch);
    for (let i = 0; i < batch.numRows; i++, row++) {
      if (!rows.has(row)) continue;
      const { bytes } = imageOf(i);
      yield {
        row,
        path: manifest.paths[row] ?? `row ${row}`,
        source: bytes ? { bytes } : { reason: 'the row holds no image bytes' },
      };
    }
  }
}
