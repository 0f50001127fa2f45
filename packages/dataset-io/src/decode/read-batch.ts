import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { reasonOf } from '../errors.js';
import { mapConcurrently } from '../files/map-concurrently.js';
import { readSource, type ImageSource } from './read-source.js';

/** Images that are read in time side by side: sharp's threads and the disk wait for each other. */
const AT_ONCE = 4;

/** Images between two turns of the event loop, without which the decoder's buffers are not given back. */
const TURN = 8;

const HASH = 32;

/** What is known about a batch of images, in arrays that pass between threads at little cost. */
export interface BatchFacts {
  /** SHA-256 of each image file, [n, 32]. */
  readonly sha256: Uint8Array;
  /** Width and height of each image, [n, 2]. */
  readonly sizes: Int32Array;
  /** Why images could not be read, by their place in the batch. */
  readonly failures: ReadonlyMap<number, string>;
}

/** How the images of a batch are read. */
interface BatchReader<T> {
  /** Reads what takes no waiting; a promise for each small image would cost as much as its pixels. */
  readonly atOnce: (bytes: Uint8Array) => T | undefined;
  /** Reads all others. */
  readonly inTime: (bytes: Uint8Array) => Promise<T>;
  readonly take: (image: T, place: number) => void;
}

/** Reads a batch of images; one that cannot be read leaves a reason. */
export async function readBatch<T extends { readonly width: number; readonly height: number }>(
  sources: readonly ImageSource[],
  { atOnce, inTime, take }: BatchReader<T>,
): Promise<BatchFacts> {
  const sha256 = new Uint8Array(sources.length * HASH);
  const sizes = new Int32Array(sources.length * 2);
  const failures = new Map<number, string>();
  const keep = (place: number, bytes: Uint8Array, image: T) => {
    sha256.set(hash('sha256', bytes, 'buffer'), place * HASH);
    sizes[place * 2] = image.width;
    sizes[place * 2 + 1] = image.height;
    take(image, place);
  };
  const rest: [number, ImageSource][] = [];
  for (const [place, source] of sources.entries()) {
    if (place % TURN === 0) await setImmediate();
    try {
      const bytes = readSource(source);
      const image = atOnce(bytes);
      if (image) keep(place, bytes, image);
      else rest.push([place, source]);
    } catch (error) {
      failures.set(place, reasonOf(error));
    }
  }
  await mapConcurrently(rest, AT_ONCE, async ([place, source]) => {
    try {
      const bytes = readSource(source);
      keep(place, bytes, await inTime(bytes));
    } catch (error) {
      failures.set(place, reasonOf(error));
    }
  });
  return { sha256, sizes, failures };
}
