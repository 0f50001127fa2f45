import { describe, expect, it } from 'vitest';
import { openNeighbourSearch } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { randomImages, referenceSet } from './images.js';

const image = { size: 4, channels: 3 };
const bytes = 48;

/** The definition, spelled out pixel by pixel. */
function bruteForce(
  query: Uint8Array,
  references: Uint8Array,
): { distance: number; index: number } {
  let best = { distance: Infinity, index: -1 };
  for (let r = 0; r < references.length / bytes; r++) {
    let straight = 0;
    let mirrored = 0;
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) {
        for (let c = 0; c < 3; c++) {
          const reference = references[r * bytes + (y * 4 + x) * 3 + c] ?? 0;
          straight += ((query[(y * 4 + x) * 3 + c] ?? 0) - reference) ** 2;
          mirrored += ((query[(y * 4 + 3 - x) * 3 + c] ?? 0) - reference) ** 2;
        }
      }
    }
    const distance = Math.sqrt(Math.min(straight, mirrored) / bytes) / 255;
    if (distance < best.distance) best = { distance, index: r };
  }
  return best;
}

describe('openNeighbourSearch', () => {
  it('finds the same neighbours as the definition, over several blocks', async () => {
    const search = await openNeighbourSearch(eagerCompiler, image);
    const references = randomImages(1, 1100, bytes);
    const queries = randomImages(2, 70, bytes);
    const found = await search.nearest(queries, referenceSet(references, bytes, 7));
    for (let q = 0; q < 70; q++) {
      const expected = bruteForce(queries.subarray(q * bytes, (q + 1) * bytes), references);
      expect(found.positions[q]).toBe(expected.index + 7);
      expect(found.distances[q]).toBeCloseTo(expected.distance, 12);
    }
    await search.dispose();
  });

  it('finds them for many queries, of which some hundreds are compared with what is read once', async () => {
    const search = await openNeighbourSearch(eagerCompiler, image);
    const references = randomImages(6, 1100, bytes);
    const queries = randomImages(7, 600, bytes);
    const set = referenceSet(references, bytes);
    let read = 0;
    const counted = {
      positions: set.positions,
      read(positions: ArrayLike<number>) {
        read += positions.length;
        return set.read(positions);
      },
    };
    const found = await search.nearest(queries, counted);
    expect(read).toBe(2 * 1100);
    for (const q of [0, 63, 64, 511, 512, 599]) {
      const expected = bruteForce(queries.subarray(q * bytes, (q + 1) * bytes), references);
      expect([found.positions[q], found.distances[q]]).toEqual([expected.index, expected.distance]);
    }
    await search.dispose();
  });

  it('misses no copy among images that are nearly their own mirror images', async () => {
    const search = await openNeighbourSearch(eagerCompiler, image);
    const references = randomImages(4, 200, bytes);
    const noise = randomImages(5, 200, bytes);
    // The right half mirrors the left one up to a little noise, and all images are alike.
    for (let i = 0; i < references.length; i++) {
      const [row, x, c] = [Math.floor(i / 12) * 12, Math.floor(i / 3) % 4, i % 3];
      const mirrored = references[row + (3 - x) * 3 + c] ?? 0;
      const base = x < 2 ? 100 + (references[i] ?? 0) / 40 : mirrored;
      references[i] = base + (noise[i] ?? 0) / 80;
    }
    const { distances } = await search.nearest(references, referenceSet(references, bytes));
    expect(Math.max(...distances)).toBe(0);
    await search.dispose();
  });

  it('gives exactly 0 for a copy and for a mirrored copy', async () => {
    const search = await openNeighbourSearch(eagerCompiler, image);
    const references = randomImages(3, 50, bytes);
    const copy = references.slice(20 * bytes, 21 * bytes);
    const mirrored = new Uint8Array(bytes);
    for (let pixel = 0; pixel < 16; pixel++) {
      const from = (pixel - (pixel % 4) + 3 - (pixel % 4)) * 3;
      mirrored.set(copy.subarray(from, from + 3), pixel * 3);
    }
    const queries = new Uint8Array(2 * bytes);
    queries.set(copy);
    queries.set(mirrored, bytes);
    const { distances, positions } = await search.nearest(queries, referenceSet(references, bytes));
    expect([...distances]).toEqual([0, 0]);
    expect([...positions]).toEqual([20, 20]);
    await search.dispose();
  });

  it('leaves an image and its exact copies out of its own neighbours', async () => {
    const search = await openNeighbourSearch(eagerCompiler, image);
    const images = randomImages(4, 10, bytes);
    images.copyWithin(9 * bytes, 0, bytes);
    const set = referenceSet(images, bytes);
    const { distances } = await search.nearest(images, set, { leaveOut: set.positions });
    expect(Math.min(...distances)).toBeGreaterThan(0);
    await search.dispose();
  });

  it('says Infinity and -1 where there is nothing to find', async () => {
    const search = await openNeighbourSearch(eagerCompiler, image);
    const empty = referenceSet(new Uint8Array(0), bytes);
    const { distances, positions } = await search.nearest(randomImages(5, 1, bytes), empty);
    expect([distances[0], positions[0]]).toEqual([Infinity, -1]);
    await search.dispose();
  });
});
