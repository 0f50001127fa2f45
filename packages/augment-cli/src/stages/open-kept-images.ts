import { openImageSpill } from '@evenset/dataset-io';
import type { KeptImages, ReferenceImages } from '@evenset/quality-eval';

/** Kept images and the file that holds them. */
interface KeptInFile extends KeptImages {
  /** Removes the file. */
  close(): Promise<void>;
}

/**
 * Opens the accepted images of a class, which may be more than memory holds. They are numbered from 0 on, those of an
 * earlier run first.
 *
 * @param file beside which the new ones lie meanwhile
 * @param bytes of an image
 */
export async function openKeptImages(
  earlier: ReferenceImages,
  file: string,
  bytes: number,
): Promise<KeptInFile> {
  const own = await openImageSpill(file, bytes);
  const first = earlier.positions.length;
  return {
    references: () => ({
      positions: Int32Array.from({ length: first + own.count }, (_, number) => number),
      async read(numbers) {
        const all = Int32Array.from(numbers);
        const known = all.filter((number) => number < first);
        const others = all.filter((number) => number >= first);
        return Buffer.concat([
          await earlier.read(known.map((number) => earlier.positions[number] ?? -1)),
          await own.read(others.map((number) => number - first)),
        ]);
      },
    }),
    add: (images) => own.add(images),
    close: () => own.close(),
  };
}
