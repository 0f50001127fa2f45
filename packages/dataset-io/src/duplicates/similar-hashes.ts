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
/** Buckets of images that share a part, empty ones included: one for each value of each part. */
export const BUCKETS = parts.reduce((sum, [, , bits]) => sum + (1 << bits), 0);

/** Images that share a part are compared with this many others, the next ones by their whole hash. */
const MAX_COMPARED = 256;

/** Two images, first < second, whose hashes are alike, perhaps only that of one and of the other's mirror image. */
export interface SimilarPair {
  readonly first: number;
  readonly second: number;
  readonly isMirrored: boolean;
}

/**
 * Images whose perceptual hashes share a part, and may thus be alike: found in time nearly proportional to their number.
 * Source: Norouzi et al., "Fast search in Hamming space with multi-index hashing" (2012), section 2.
 *
 * @param hashes uint32 [2 n, 2]: those of the images, then those of their mirror images
 * @returns numbers of hashes that share one value of one part, {@link BUCKETS} times
 */
export function* hashBuckets(hashes: Uint32Array): Generator<Uint32Array> {
  for (const [word, shift, bits] of parts) {
    const part = (entry: number) =>
      ((hashes[entry * HASH_WORDS + word] ?? 0) >>> shift) & ((1 << bits) - 1);
    yield* bucketsOf(hashes.length / HASH_WORDS, part, 1 << bits);
  }
}

/** Pairs of images of one bucket whose hashes are alike. */
export function* similarPairs(bucket: Uint32Array, hashes: Uint32Array): Generator<SimilarPair> {
  const count = hashes.length / HASH_WORDS / 2;
  // Otherwise each is compared with each, and the order does not matter.
  if (bucket.length > MAX_COMPARED) sortByHash(bucket, hashes);
  const lows = bucket.map((entry) => hashes[entry * HASH_WORDS] ?? 0);
  const highs = bucket.map((entry) => hashes[entry * HASH_WORDS + 1] ?? 0);
  for (let at = 0; at < bucket.length; at++) {
    const [entry, low, high] = [bucket[at] ?? 0, lows[at] ?? 0, highs[at] ?? 0];
    const end = Math.min(bucket.length, at + 1 + MAX_COMPARED);
    for (let next = at + 1; next < end; next++) {
      const bits = ones(low ^ (lows[next] ?? 0)) + ones(high ^ (highs[next] ?? 0));
      if (bits > MAX_BITS) continue;
      const other = bucket[next] ?? 0;
      if (entry >= count && other >= count) continue;
      const [a, b] = [entry % count, other % count];
      const isMirrored = entry >= count || other >= count;
      if (a !== b) yield { first: Math.min(a, b), second: Math.max(a, b), isMirrored };
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

/** How many of 32 bits are 1. */
function ones(bits: number): number {
  let x = bits - ((bits >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
