import { setImmediate } from 'node:timers/promises';
import type { PixelStore } from '../decode/open-pixel-store.js';
import { cosineHashes, HASH_WORDS, THUMBNAIL, thumbnailsOf } from './cosine-hashes.js';
import { areNear, differenceOf, mayBeNear } from './image-difference.js';
import { firstOfContents } from './first-of-contents.js';
import { BUCKETS, hashBuckets, similarPairs, type SimilarPair } from './similar-hashes.js';

/** Images decoded from different files that show the same. */
export interface NearDuplicate {
  /** Positions in the store, first < second; of files of the same content the first one stands for all. */
  readonly first: number;
  readonly second: number;
  /** Root mean square difference of their pixels, in [0, 1], over an image and its mirror image. */
  readonly distance: number;
  readonly isMirrored: boolean;
}

/** Which images of a store are the same or nearly so. */
export interface Duplicates {
  /** The first position of each image's group, [count]: images of one group belong on one side of a split. */
  readonly groups: Int32Array;
  /** The first position with the same file content, [count]. */
  readonly contents: Int32Array;
  /** Pairs of different content, by their first position; of a group of many images not all. */
  readonly near: readonly NearDuplicate[];
}

/** Images read at a time, and pairs between two looks at the clock. */
const BLOCK = 1024;

/** Pairs that an image is in, from which on those with others of its group are not looked for. */
const ENOUGH_PAIRS = 8;

/** Share of the work before images are compared, about. */
const DESCRIBING = 0.3;
/** Time in ms after which other work of the process has its turn. */
const TURN_MS = 50;

/** The images of a store. */
type StoredImages = Pick<PixelStore, 'count' | 'size' | 'channels' | 'read' | 'hashes'>;

/** How work of minutes is watched. */
interface Watch {
  readonly signal?: AbortSignal;
  /** @param share of the work that is done, in [0, 1] */
  onProgress?(share: number): void;
}

/**
 * Finds exact duplicates by the files' content, and near ones (encoded anew, scaled, mirrored, slightly brighter) by
 * perceptual hash and pixel distance. Takes 300 bytes an image, as much again for each near pair, and time nearly
 * proportional to their number.
 *
 * @throws the signal's reason soon after it is aborted
 */
export async function findDuplicates(store: StoredImages, watch: Watch = {}): Promise<Duplicates> {
  const contents = await firstOfContents(store);
  const groups = Int32Array.from(contents);
  const near = await joinNear(store, groups, openTurns(watch));
  return { groups: groups.map((_, at) => rootOf(groups, at)), contents, near };
}

/** Tells how far the work is, and lets the process do other work, each time that some time has passed. */
function openTurns(watch: Watch): (share: number) => Promise<void> {
  let last = performance.now();
  return async (share) => {
    if (performance.now() - last < TURN_MS) return;
    watch.onProgress?.(share);
    await setImmediate();
    watch.signal?.throwIfAborted();
    last = performance.now();
  };
}

/**
 * Joins the groups of images that are near each other.
 *
 * @param groups an image of each content stands for its group
 * @returns the pairs; of a group of many images not all
 */
async function joinNear(
  store: StoredImages,
  groups: Int32Array,
  turn: (share: number) => Promise<void>,
): Promise<NearDuplicate[]> {
  const positions = Int32Array.from(groups.keys()).filter((at) => groups[at] === at);
  const pairs = new Map<number, NearDuplicate>();
  const pairsOf = new Uint32Array(groups.length);
  const keyOf = (first: number, second: number) => first * groups.length + second;
  const isKnown = ({ first, second, isMirrored }: SimilarPair) => {
    const least = Math.min(pairsOf[first] ?? 0, pairsOf[second] ?? 0);
    if (least === 0) return false;
    const pair = pairs.get(keyOf(first, second));
    if (pair) return isMirrored || !pair.isMirrored;
    return least >= ENOUGH_PAIRS && rootOf(groups, first) === rootOf(groups, second);
  };

  for await (const pair of nearPairs(store, positions, isKnown, turn)) {
    if (isKnown(pair)) continue;
    const { first, second } = pair;
    pairs.set(keyOf(first, second), pair);
    for (const at of [first, second]) pairsOf[at] = (pairsOf[at] ?? 0) + 1;
    join(groups, first, second);
  }
  return [...pairs].sort(([a], [b]) => a - b).map(([, pair]) => pair);
}

/**
 * Pairs of images that are near each other, some more than once.
 *
 * @param isKnown whether a pair need not be looked at
 */
async function* nearPairs(
  store: StoredImages,
  positions: Int32Array,
  isKnown: (pair: SimilarPair) => boolean,
  turn: (share: number) => Promise<void>,
): AsyncGenerator<NearDuplicate> {
  const { thumbnails, hashes } = await describe(store, positions, turn);
  const grey = { pixels: thumbnails, size: Math.sqrt(THUMBNAIL), channels: 1 };
  let likely: SimilarPair[] = [];
  let bucketsDone = 0;
  let seen = 0;
  const shareDone = () => DESCRIBING + ((1 - DESCRIBING) * bucketsDone) / BUCKETS;
  for (const bucket of hashBuckets(hashes)) {
    for (const { first: a, second: b, isMirrored } of similarPairs(bucket, hashes)) {
      if (++seen % BLOCK === 0) await turn(shareDone());
      const pair = { first: positions[a] ?? 0, second: positions[b] ?? 0, isMirrored };
      if (isKnown(pair)) continue;
      const difference = differenceOf(grey, a, b, isMirrored);
      if (!difference || !mayBeNear(difference)) continue;
      likely.push(pair);
      if (likely.length < BLOCK) continue;
      yield* await nearOf(store, likely);
      likely = [];
    }
    bucketsDone++;
    await turn(shareDone());
  }
  yield* await nearOf(store, likely);
}

/** What images are compared by at first. */
interface Described {
  /** [n, {@link THUMBNAIL}] */
  readonly thumbnails: Uint8Array;
  /** Those of the images, then those of their mirror images, [2 n, {@link HASH_WORDS}]. */
  readonly hashes: Uint32Array;
}

async function describe(
  store: StoredImages,
  positions: Int32Array,
  turn: (share: number) => Promise<void>,
): Promise<Described> {
  const { length } = positions;
  const thumbnails = new Uint8Array(length * THUMBNAIL);
  const hashes = new Uint32Array(2 * length * HASH_WORDS);
  for (let from = 0; from < length; from += BLOCK) {
    const some = positions.subarray(from, from + BLOCK);
    const own = thumbnailsOf(await store.read(some), store);
    thumbnails.set(own, from * THUMBNAIL);
    const ownHashes = cosineHashes(own);
    const half = some.length * HASH_WORDS;
    hashes.set(ownHashes.subarray(0, half), from * HASH_WORDS);
    hashes.set(ownHashes.subarray(half), (length + from) * HASH_WORDS);
    await turn((DESCRIBING * from) / length);
  }
  return { thumbnails, hashes };
}

/** Those of some pairs whose pixels are near each other. */
async function nearOf(
  store: StoredImages,
  pairs: readonly SimilarPair[],
): Promise<NearDuplicate[]> {
  const pixels = await store.read(pairs.flatMap(({ first, second }) => [first, second]));
  const { size, channels } = store;
  return pairs.flatMap((pair, i) => {
    const difference = differenceOf({ pixels, size, channels }, 2 * i, 2 * i + 1, pair.isMirrored);
    const isNear = difference && areNear(difference);
    return isNear ? [{ ...pair, distance: difference.distance }] : [];
  });
}

/** The first position of a group; groups[at] leads there. */
function rootOf(groups: Int32Array, at: number): number {
  let root = at;
  while (groups[root] !== root) root = groups[root] ?? root;
  return root;
}

function join(groups: Int32Array, a: number, b: number): void {
  const [first, second] = [rootOf(groups, a), rootOf(groups, b)];
  groups[Math.max(first, second)] = Math.min(first, second);
}
