import { HASH_WORDS } from './cosine-hashes.js';

/** Bits in which the hashes of like images differ, at most. */
const MAX_BITS = 10;
/** Parts of a hash, [word, shift, bits]: two hashes that differ in fewer bits than there are parts share one whole. */
const parts = [
  [0, 0, 11],
  [0, 11, 11],
  [0, 22, 10],
  [1, 0, 11],
  [1, 11, 11],
  [1, 22, 10],
] as const;
/** Images that share a part are compared with this many others, the next ones by their whole hash. */
const MAX_COMPARED = 256;

/** Two images, first < second, whose hashes are alike, perhaps only that of one and of the other's mirror image. */
export interface SimilarPair {
  readonly first: number;
  readonly second: number;
  readonly isMirrored: boolean;
}

/**
 * Pairs of images whose perceptual hashes are alike, found in time nearly proportional to their number: only hashes
 * that share one of six parts are compared. Source: Norouzi et al., "Fast search in Hamming space with multi-index
 * hashing" (2012), section 2.
 *
 * @param hashes uint32 [2 n, 2]: those of the images, then those of their mirror images
 * @returns some pairs more than once
 */
export function* similarHashes(hashes: Uint32Array): Generator<SimilarPair> {
  const entries = hashes.length / HASH_WORDS;
  const count = entries / 2;
  for (const [word, shift, bits] of parts) {
    const part = (entry: number) =>
      ((hashes[entry * HASH_WORDS + word] ?? 0) >>> shift) & ((1 << bits) - 1);
    for (const bucket of bucketsOf(entries, part, 1 << bits)) {
      // Otherwise each is compared with each, and the order does not matter.
      if (bucket.length > MAX_COMPARED) sortByHash(bucket, hashes);
      for (const [at, entry] of bucket.entries()) {
        for (const other of bucket.subarray(at + 1, at + 1 + MAX_COMPARED)) {
          if (entry >= count && other >= count) continue;
          if (differingBits(hashes, entry, other) > MAX_BITS) continue;
          const [a, b] = [entry % count, other % count];
          const isMirrored = entry >= count || other >= count;
          if (a !== b) yield { first: Math.min(a, b), second: Math.max(a, b), isMirrored };
        }
      }
    }
  }
}

/** The entries that share each value of a part of their hash. */
function bucketsOf(
  entries: number,
  part: (entry: number) => number,
  values: number,
): Uint32Array[] {
  const ends = new Uint32Array(values);
  for (let entry = 0; entry < entries; entry++) ends[part(entry)] = (ends[part(entry)] ?? 0) + 1;
  for (let value = 1; value < values; value++) {
    ends[value] = (ends[value] ?? 0) + (ends[value - 1] ?? 0);
  }
  const starts = Uint32Array.from(ends, (_, value) => (value === 0 ? 0 : (ends[value - 1] ?? 0)));
  const order = new Uint32Array(entries);
  const next = Uint32Array.from(starts);
  for (let entry = 0; entry < entries; entry++) {
    const value = part(entry);
    const at = next[value] ?? 0;
    order[at] = entry;
    next[value] = at + 1;
  }
  return Array.from(starts, (start, value) => order.subarray(start, ends[value]));
}

function sortByHash(bucket: Uint32Array, hashes: Uint32Array): void {
  const word = (entry: number, index: number) => hashes[entry * HASH_WORDS + index] ?? 0;
  bucket.sort((a, b) => word(a, 0) - word(b, 0) || word(a, 1) - word(b, 1) || a - b);
}

/** In how many bits two hashes differ. */
function differingBits(hashes: Uint32Array, a: number, b: number): number {
  let bits = 0;
  for (let word = 0; word < HASH_WORDS; word++) {
    bits += ones((hashes[a * HASH_WORDS + word] ?? 0) ^ (hashes[b * HASH_WORDS + word] ?? 0));
  }
  return bits;
}

/** How many of 32 bits are 1. */
function ones(bits: number): number {
  let x = bits - ((bits >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
