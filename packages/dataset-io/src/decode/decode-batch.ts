import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { reasonOf } from '../errors.js';
import { mapConcurrently } from '../files/map-concurrently.js';
import { statIfThere } from '../files/stat-if-there.js';
import { decodeImage, type DecodedImage } from './decode-image.js';
import type { DecodeOptions } from './decode-options.js';
import { decodePlainImage } from './decode-plain-image.js';
import { STAMP } from './file-stamp.js';
import { readSource, type FolderRule, type ImageSource, type SourceBytes } from './read-source.js';
import { HASH } from './row-records.js';

/** Images that sharp decodes side by side. */
const AT_ONCE = 4;

/** Images between two turns of the event loop, without which the decoder's buffers are not given back. */
const TURN = 8;

/** What the bytes of one file after another are read into: new memory for each costs a tenth of the work. */
const scratch = Buffer.allocUnsafeSlow(1 << 20);

/** The same bytes where the next file does not overwrite them. */
function outOfScratch(bytes: Uint8Array): Uint8Array {
  return bytes.buffer === scratch.buffer ? Buffer.from(bytes) : bytes;
}

/** Images to decode, and how. */
export interface DecodeTask {
  readonly sources: readonly ImageSource[];
  /** Where files have to lie; undefined: anywhere. */
  readonly below: FolderRule | undefined;
  readonly options: DecodeOptions;
  /** Memory for the pixels in colour, which the other thread reads without a copy. */
  readonly memory: SharedArrayBuffer;
}

/** A decoded batch: what is known of the images that could be read, in their order, in few objects for many. */
export interface DecodedBatch {
  /** SHA-256 of each image file, [n, 32]. */
  readonly sha256: Uint8Array;
  /** Width and height of each image, upright, [n, 2]. */
  readonly sizes: Int32Array;
  /** The version of each image file, [n, 3]. */
  readonly stamps: Float64Array;
  /** Channels of each image, [n]. */
  readonly channels: Uint8Array;
  /** Their pixels, behind each other. */
  readonly pixels: Uint8Array;
  /** Whether a file lies elsewhere than in the folder where files have to lie. */
  readonly hasElsewhere: boolean;
  /** Why the others could not be read, by their place in the task. */
  readonly failures: ReadonlyMap<number, string>;
  /** Those of them whose file is there and could not be read, which may be otherwise the next time. */
  readonly unread: readonly number[];
}

/**
 * Reads and decodes images; one that cannot be read leaves a reason.
 *
 * @throws the signal's reason once it is aborted
 */
export async function decodeBatch(
  { sources, below, options, memory }: DecodeTask,
  signal?: AbortSignal,
): Promise<DecodedBatch> {
  const known = openKnown(sources.length, options.size, memory);
  const failures = new Map<number, string>();
  const unread: number[] = [];
  for (let from = 0; from < sources.length; from += TURN) {
    await setImmediate();
    signal?.throwIfAborted();
    // Plain images at once: a promise for each would cost as much as its pixels.
    const others: [number, SourceBytes][] = [];
    for (let place = from; place < Math.min(from + TURN, sources.length); place++) {
      const source = sources[place];
      if (source === undefined) continue;
      try {
        const read = readSource(source, below, scratch);
        const image = decodePlainImage(read.bytes, options, known.memoryAt(place));
        if (image) known.add(place, read, image);
        else others.push([place, { ...read, bytes: outOfScratch(read.bytes) }]);
      } catch (error) {
        failures.set(place, reasonOf(error));
        if (typeof source === 'string' && statIfThere(source)) unread.push(place);
      }
    }
    if (others.length === 0) continue;
    await mapConcurrently(others, AT_ONCE, async ([place, read]) => {
      try {
        known.add(place, read, await decodeImage(read.bytes, options));
      } catch (error) {
        failures.set(place, reasonOf(error));
      }
    });
  }
  return { ...known.take(failures), failures, unread };
}

/** Room for what becomes known of `count` images, in whatever order. */
function openKnown(count: number, size: number, memory: SharedArrayBuffer) {
  const sha256 = new Uint8Array(count * HASH);
  const sizes = new Int32Array(count * 2);
  const stamps = new Float64Array(count * STAMP);
  const channels = new Uint8Array(count);
  const images: Uint8Array[] = [];
  const slot = size * size * 3;
  let hasElsewhere = false;
  return {
    memoryAt: (place: number) => new Uint8Array(memory, place * slot, slot),
    add(place: number, { bytes, stamp, isElsewhere }: SourceBytes, image: DecodedImage) {
      sha256.set(hash('sha256', bytes, 'buffer'), place * HASH);
      if (stamp) stamps.set(stamp, place * STAMP);
      if (isElsewhere) hasElsewhere = true;
      sizes[place * 2] = image.width;
      sizes[place * 2 + 1] = image.height;
      channels[place] = image.channels;
      images[place] = image.pixels;
    },
    /** All of it, without the places of failures. */
    take(failures: ReadonlyMap<number, string>) {
      const rest = { hasElsewhere, pixels: moveTogether(images, new Uint8Array(memory)) };
      if (failures.size === 0) return { sha256, sizes, stamps, channels, ...rest };
      /** For values that each image has `width` of. */
      const isRead = (width: number) => (_: number, at: number) =>
        !failures.has(Math.floor(at / width));
      return {
        sha256: sha256.filter(isRead(HASH)),
        sizes: sizes.filter(isRead(2)),
        stamps: stamps.filter(isRead(STAMP)),
        channels: channels.filter(isRead(1)),
        ...rest,
      };
    },
  };
}

/** The images that there are, behind each other; most lie there already, and none lies before its place. */
function moveTogether(images: readonly Uint8Array[], memory: Uint8Array): Uint8Array {
  let end = 0;
  images.forEach((image) => {
    const isInPlace = image.buffer === memory.buffer && image.byteOffset === end;
    if (!isInPlace) memory.set(image, end);
    end += image.length;
  });
  return memory.subarray(0, end);
}
