import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { imagesOf, type Manifest } from '../manifest/manifest.js';
import { isBelow, resolveImage } from '../manifest/image-path.js';

/** Reads the bytes of one row's image file. */
export interface RowImage {
  readonly row: number;
  readonly path: string;
  /** Throws where there is no image. */
  readonly bytes: () => Promise<Uint8Array>;
}

/** The images of some rows of a manifest, in order; embedded ones come batch by batch. */
export async function* readImages(
  manifest: Manifest,
  rows: ReadonlySet<number>,
  allowOutside: boolean,
): AsyncGenerator<RowImage> {
  if (manifest.storage === 'path') {
    const realFolder = await realpath(manifest.folder);
    for (const row of rows) {
      const path = manifest.paths[row] ?? null;
      yield {
        row,
        path: path ?? `row ${row}`,
        bytes: () => readRowFile(manifest.folder, path, allowOutside ? undefined : realFolder),
      };
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
        bytes: () =>
          bytes
            ? Promise.resolve(bytes)
            : Promise.reject(new Error('the row holds no image bytes')),
      };
    }
  }
}

async function readRowFile(
  folder: string,
  path: string | null,
  mustLieBelow: string | undefined,
): Promise<Uint8Array> {
  if (path === null) throw new Error('the path is null');
  const file = resolveImage(folder, path);
  if (mustLieBelow !== undefined && !(await isBelow(file, mustLieBelow))) {
    throw new Error(
      "a symbolic link leads out of the manifest's folder; --allow-outside accepts it",
    );
  }
  return readFile(file);
}

/** SHA-256 in hex. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
