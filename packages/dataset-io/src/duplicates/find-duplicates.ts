import type { PixelStore } from '../decode/open-pixel-store.js';
import { cosineHashes, THUMBNAIL, thumbnailsOf } from './cosine-hashes.js';
import { areNear, differenceOf, mayBeNear } from './image-difference.js';
import { similarHashes } from './similar-hashes.js';

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
  /** Pairs of different content, by their first position. */
  readonly near: readonly NearDuplicate[];
}

/** Images read at a time. */
const BLOCK = 1024;

/**
 * Finds exact duplicates by the files' content, and near ones (encoded anew, scaled, mirrored, slightly brighter) by
 * perceptual hash and pixel distance. Takes 300 bytes an image and time nearly proportional to their number.
 */
export async function findDuplicates(
  store: Pick<PixelStore, 'count' | 'size' | 'channels' | 'read' | 'contentOf'>,
): Promise<Duplicates> {
  const contents = firstOfContent(store);
  const different = Int32Array.from(contents.keys()).filter((at) => contents[at] === at);
  const near = await nearPairs(store, different);
  const groups = Int32Array.from(contents);
  for (const { first, second } of near) join(groups, first, second);
  return { groups: groups.map((_, at) => rootOf(groups, at)), contents, near };
}

function firstOfContent(store: Pick<PixelStore, 'count' | 'contentOf'>): Int32Array {
  const seen = new Map<string, number>();
  return Int32Array.from({ length: store.count }, (_, position) => {
    const content = store.contentOf(position);
    const first = seen.get(content) ?? position;
    if (first === position) seen.set(content, position);
    return first;
  });
}

async function nearPairs(
  store: Pick<PixelStore, 'size' | 'channels' | 'read'>,
  positions: Int32Array,
): Promise<NearDuplicate[]> {
  const thumbnails = new Uint8Array(positions.length * THUMBNAIL);
  for (let from = 0; from < positions.length; from += BLOCK) {
    const images = await store.read(positions.subarray(from, from + BLOCK));
    thumbnails.set(thumbnailsOf(images, store), from * THUMBNAIL);
  }
  const grey = { size: Math.sqrt(THUMBNAIL), channels: 1 };
  const likely = new Map<number, { first: number; second: number; isMirrored: boolean }>();
  similarHashes(cosineHashes(thumbnails), (first, second, isMirrored) => {
    const key = first * positions.length + second;
    if (likely.has(key) && isMirrored) return;
    const [a, b] = [first, second].map((at) =>
      thumbnails.subarray(at * THUMBNAIL, (at + 1) * THUMBNAIL),
    ) as [Uint8Array, Uint8Array];
    if (mayBeNear(differenceOf(a, b, grey, isMirrored)))
      likely.set(key, { first, second, isMirrored });
  });

  const bytes = store.size * store.size * store.channels;
  const pairs: NearDuplicate[] = [];
  const ordered = [...likely].sort(([a], [b]) => a - b).map(([, pair]) => pair);
  for (let from = 0; from < ordered.length; from += BLOCK) {
    const block = ordered.slice(from, from + BLOCK);
    const of = block.flatMap(({ first, second }) => [
      positions[first] ?? 0,
      positions[second] ?? 0,
    ]);
    const images = await store.read(of);
    block.forEach(({ isMirrored }, i) => {
      const [a, b] = [2 * i, 2 * i + 1].map((at) =>
        images.subarray(at * bytes, (at + 1) * bytes),
      ) as [Uint8Array, Uint8Array];
      const difference = differenceOf(a, b, store, isMirrored);
      const [first = 0, second = 0] = of.slice(2 * i, 2 * i + 2);
      if (!areNear(difference)) return;
      pairs.push({ first, second, distance: difference.distance, isMirrored });
    });
  }
  return pairs;
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
