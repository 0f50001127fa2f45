import { readRecords } from '../files/read-records.js';
import { naming, openTemporary } from '../files/write-file-atomic.js';

/** Images of one size that go to a file because memory may not hold them; the file goes when it is closed. */
export interface ImageSpill {
  readonly count: number;
  /** @param images behind each other */
  add(images: Uint8Array): Promise<void>;
  /** The images of some numbers, counted from 0 as they came. */
  read(numbers: ArrayLike<number>): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens an empty file of images.
 *
 * @param file whose folder it lies in, under a temporary name that begins with its own
 * @param bytes of an image
 * @throws Error naming the file when the system does not let it be written
 */
export async function openImageSpill(file: string, bytes: number): Promise<ImageSpill> {
  const temporary = await openTemporary(file);
  let count = 0;
  return {
    get count() {
      return count;
    },
    async add(images) {
      await naming(file, () => temporary.handle.writeFile(images));
      count += images.length / bytes;
    },
    read: (numbers) => readRecords(temporary.handle, bytes, numbers),
    close: () => temporary.close(),
  };
}
