import type { PixelStore } from '../decode/open-pixel-store.js';
import { cosineHashes, THUMBNAIL, thumbnailsOf } from './cosine-hashes.js';
import { areNear, differenceOf, mayBeNear } from './image-difference.js';
import { firstOfContents } from './first-of-contents.js';
import { similarHashes, type SimilarPair } from './similar-hashes.js';

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

/** Images read at a time. */
const BLOCK = 1024;

/** Pairs that an image is in, from which on those with others of its group are not looked for. */
const ENOUGH_PAIRS = 8;

/**
 * Finds exact duplicates by the files' content, and near ones (encoded anew, scaled, mirrored, slightly brighter) by
 * perceptual hash and pixel distance. Takes 300 bytes an image, as much again for each near pair, and time nearly
 * proportional to their number.
 */
export async function findDuplicates(
  store: Pick<PixelStore, 'count' | 'size' | 'channels' | 'read' | 'hashes'>,
): Promise<Duplicates> {
  const contents = await firstOfContents(store);
  const groups = Int32Array.from(contents);
  const near = await joinNear(store, groups);
  return { groups: groups.map((_, at) => rootOf(groups, at)), contents, near };
}

/**
 * Joins the groups of images that are near each other.
 *
 * @param groups an image of each content stands for its group
 * @returns the pairs; of a group of many images not all
 */
async function joinNear(
  store: Pick<PixelStore, 'size' | 'channels' | 'read'>,
  groups: Int32Array,
): Promise<NearDuplicate[]> {
  const positions = Int32Array.from(groups.keys()).filter((at) => groups[at] === at);
  const pairs = new Map<number, NearDuplicate>();
  const pairsOf = new Uint32Array(groups.length);
  const keyOf = (first: number, second: number) => first * groups.length + second;
  const isKnown = (first: number, second: number, isMirrored: boolean) => {
    const pair = pairs.get(keyOf(first, second));
    if (pair) return isMirrored || !pair.isMirrored;
    const least = Math.min(pairsOf[first] ?? 0, pairsOf[second] ?? 0);
    return least >= ENOUGH_PAIRS && rootOf(groups, first) === rootOf(groups, second);
  };

  for await (const pair of nearPairs(store, positions, isKnown)) {
    const { first, second, isMirrored } = pair;
    if (isKnown(first, second, isMirrored)) continue;
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
  store: Pick<PixelStore, 'size' | 'channels' | 'read'>,
  positions: Int32Array,
  isKnown: (first: number, second: number, isMirrored: boolean) => boolean,
): AsyncGenerator<NearDuplicate> {
  let likely: SimilarPair[] = [];
  for (const pair of likelyPairs(await thumbnailsAt(store, positions), positions, isKnown)) {
    likely.push(pair);
    if (likely.length < BLOCK) continue;
    yield* await nearOf(store, likely);
    likely = [];
  }
  yield* await nearOf(store, likely);
}

/** Pairs of positions that are alike by their hashes and thumbnails, [n, {@link THUMBNAIL}]. */
function* likelyPairs(
  thumbnails: Uint8Array,
  positions: Int32Array,
  isKnown: (first: number, second: number, isMirrored: boolean) => boolean,
): Generator<SimilarPair> {
  const grey = { size: Math.sqrt(THUMBNAIL), channels: 1 };
  const thumbnailOf = (at: number) => thumbnails.subarray(at * THUMBNAIL, (at + 1) * THUMBNAIL);
  for (const { first: a, second: b, isMirrored } of similarHashes(cosineHashes(thumbnails))) {
    const [first, second] = [positions[a] ?? 0, positions[b] ?? 0];
    if (isKnown(first, second, isMirrored)) continue;
    if (mayBeNear(differenceOf(thumbnailOf(a), thumbnailOf(b), grey, isMirrored)))
      yield { first, second, isMirrored };
  }
}

async function thumbnailsAt(
  store: Pick<PixelStore, 'size' | 'channels' | 'read'>,
  positions: Int32Array,
): Promise<Uint8Array> {
  const thumbnails = new Uint8Array(positions.length * THUMBNAIL);
  for (let from = 0; from < positions.length; from += BLOCK) {
    const images = await store.read(positions.subarray(from, from + BLOCK));
    thumbnails.set(thumbnailsOf(images, store), from * THUMBNAIL);
  }
  return thumbnails;
}

/** Those of some pairs whose pixels are near each other. */
async function nearOf(
  store: Pick<PixelStore, 'size' | 'channels' | 'read'>,
  pairs: readonly SimilarPair[],
): Promise<NearDuplicate[]> {
  const bytes = store.size * store.size * store.channels;
  const images = await store.read(pairs.flatMap(({ first, second }) => [first, second]));
  const imageAt = (at: number) => images.subarray(at * bytes, (at + 1) * bytes);
  return pairs.flatMap((pair, i) => {
    const difference = differenceOf(imageAt(2 * i), imageAt(2 * i + 1), store, pair.isMirrored);
    return areNear(difference) ? [{ ...pair, distance: difference.distance }] : [];
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
