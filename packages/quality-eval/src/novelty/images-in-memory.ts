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
    read(positions) {
      const chosen = new Uint8Array(positions.length * bytes);
      Array.from(positions).forEach((position, i) => {
        chosen.set(images.subarray(position * bytes, (position + 1) * bytes), i * bytes);
      });
      return Promise.resolve(chosen);
    },
  };
}
