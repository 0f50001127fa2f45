import type { ReferenceImages } from '../src/index.js';

/** A seeded stream of bytes (mulberry32). */
function randomBytes(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % 256;
  };
}

/** `count` random images of `bytes` values each. */
export function randomImages(seed: number, count: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: count * bytes }, randomBytes(seed));
}

/** Images in memory as a reference set; `offset` makes their positions differ from their order. */
export function referenceSet(images: Uint8Array, bytes: number, offset = 0): ReferenceImages {
  const count = images.length / bytes;
  return {
    positions: Int32Array.from({ length: count }, (_, i) => i + offset),
    read: (positions) => {
      const block = new Uint8Array(positions.length * bytes);
      Array.from(positions).forEach((position, i) => {
        const at = (position - offset) * bytes;
        block.set(images.subarray(at, at + bytes), i * bytes);
      });
      return Promise.resolve(block);
    },
  };
}
