import { resolveImage } from '../manifest/image-path.js';
import { imagesOf, type Manifest } from '../manifest/manifest.js';
import { folderRule } from './read-images.js';
import { readSource } from './read-source.js';

/** Record batches of embedded images that are kept, because neighbours are asked for together. */
const KEPT_BATCHES = 4;

/** Image files of a manifest's rows, one at a time and in any order. */
export interface ImageReader {
  /**
   * The bytes of a row's image file as it is.
   *
   * @throws Error when there are none, they cannot be read, or lie where they must not
   */
  read(row: number): Promise<Uint8Array>;
}

/** Opens the images of a manifest for reading by row number. */
export async function openImageReader(
  manifest: Manifest,
  { allowOutside = false }: { allowOutside?: boolean } = {},
): Promise<ImageReader> {
  return manifest.storage === 'path'
    ? fileReader(manifest, allowOutside)
    : await embeddedReader(manifest);
}

function fileReader({ folder, paths }: Manifest, allowOutside: boolean): ImageReader {
  const below = folderRule({ folder }, allowOutside);
  return {
    // Errors become rejections.
    read: (row) =>
      Promise.resolve().then(() => {
        const path = paths.at(row) ?? null;
        if (path === null) throw new Error('the path is null');
        return readSource(resolveImage(folder, path), below).bytes;
      }),
  };
}

async function embeddedReader({ arrow }: Manifest): Promise<ImageReader> {
  /** Row behind the last of each batch. */
  const ends: number[] = [];
  for await (const { numRows } of arrow.batches()) ends.push((ends.at(-1) ?? 0) + numRows);
  /** The newest last. */
  const kept = new Map<number, ReturnType<typeof arrow.batch>>();
  return {
    async read(row) {
      const number = ends.findIndex((end) => row < end);
      const batch = kept.get(number) ?? arrow.batch(number);
      kept.delete(number);
      kept.set(number, batch);
      const [oldest] = kept.keys();
      if (kept.size > KEPT_BATCHES && oldest !== undefined) kept.delete(oldest);
      const found = await batch;
      const bytes = found && imagesOf(found)(row - (ends[number - 1] ?? 0)).bytes;
      if (!bytes) throw new Error('the row holds no image bytes');
      return bytes;
    },
  };
}
