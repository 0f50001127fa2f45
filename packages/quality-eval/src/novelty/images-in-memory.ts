import type { ReferenceImages } from './neighbour-search.js';

/**
 * Images that are in memory as a set to search in, by their numbers from 0 on.
 *
 * @param images uint8 [n, size, size, channels]
 * @param bytes of an image
 */
export function imagesInMemory(images: Uint8Array, bytes: number): ReferenceImages {
  return {
    positions: Int32Array.from({ length: images.length / bytes }, (_, i) => i),
    read: (positions) => Promise.resolve(imagesAt(images, bytes, positions)),
  };
}

/** The images at some numbers, one after the other. */
export function imagesAt(
  images: Uint8Array,
  bytes: number,
  numbers: ArrayLike<number>,
): Uint8Array {
  const chosen = new Uint8Array(numbers.length * bytes);
  Array.from(numbers).forEach((number, i) => {
    chosen.set(images.subarray(number * bytes, (number + 1) * bytes), i * bytes);
  });
  return chosen;
}
