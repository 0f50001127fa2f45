import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { reasonOf } from '../errors.js';
import { mapConcurrently } from '../files/map-concurrently.js';
import { statIfThere } from '../files/stat-if-there.js';
import { decodeImage, type DecodedImage } from './decode-image.js';
import type { DecodeOptions } from './decode-options.js';
import { decodePlainImage } from './decode-plain-image.js';
import { STAMP } from './file-stamp.js';
import { readSource, type ImageSource, type SourceBytes } from './read-source.js';
import { HASH } from './row-records.js';

/** Images that sharp decodes side by side. */
const AT_ONCE = 4;

/** Images between two turns of the event loop, without which the decoder's buffers are not given back. */
const TURN = 8;

/** Decoded images of a batch; what is known of each lies at its place, in few objects for many images. */
export interface DecodedBatch {
  /** SHA-256 of each image file, [n, 32]. */
  readonly sha256: Uint8Array;
  /** Width and height of each image, upright, [n, 2]. */
  readonly sizes: Int32Array;
  /** The version of each image file, [n, 3]. */
  readonly stamps: Float64Array;
  /** Whether a file lies elsewhere than below the folder that its source names. */
  readonly hasElsewhere: boolean;
  /** Why images could not be read, by their place. */
  readonly failures: ReadonlyMap<number, string>;
  /** Those of them whose file is there and could not be read, which may be otherwise the next time. */
  readonly unread: readonly number[];
  /** Channels of each image. */
  readonly channels: Uint8Array;
  /** Pixels of those that could be read, behind each other. */
  readonly pixels: Uint8Array;
}

/** Images to decode, and how. */
export interface DecodeTask {
  readonly sources: readonly ImageSource[];
  readonly options: DecodeOptions;
  /** Memory for the pixels, which the other thread reads without a copy. */
  readonly memory: SharedArrayBuffer;
}

/**
 * Reads and decodes images; one that cannot be read leaves a reason.
 *
 * @throws the signal's reason once it is aborted
 */
export async function decodeBatch(
  { sources, options, memory }: DecodeTask,
  signal?: AbortSignal,
): Promise<DecodedBatch> {
  const sha256 = new Uint8Array(sources.length * HASH);
  const sizes = new Int32Array(sources.length * 2);
  const stamps = new Float64Array(sources.length * STAMP);
  const channels = new Uint8Array(sources.length);
  const images: Uint8Array[] = [];
  const failures = new Map<number, string>();
  const unread: number[] = [];
  let hasElsewhere = false;

  const keep = (place: number, { bytes, stamp, isElsewhere }: SourceBytes, image: DecodedImage) => {
    sha256.set(hash('sha256', bytes, 'buffer'), place * HASH);
    if (stamp) stamps.set(stamp, place * STAMP);
    if (isElsewhere) hasElsewhere = true;
    sizes[place * 2] = image.width;
    sizes[place * 2 + 1] = image.height;
    channels[place] = image.channels;
    images[place] = image.pixels;
  };

  for (let from = 0; from < sources.length; from += TURN) {
    await setImmediate();
    signal?.throwIfAborted();
    // Plain images at once: a promise for each would cost as much as its pixels.
    const others: [number, SourceBytes][] = [];
    for (let place = from; place < Math.min(from + TURN, sources.length); place++) {
      const source = sources[place];
      if (!source) continue;
      try {
        const read = readSource(source);
        const image = decodePlainImage(read.bytes, options);
        if (image) keep(place, read, image);
        else others.push([place, read]);
      } catch (error) {
        failures.set(place, reasonOf(error));
        if ('file' in source && statIfThere(source.file)) unread.push(place);
      }
    }
    await mapConcurrently(others, AT_ONCE, async ([place, read]) => {
      try {
        keep(place, read, await decodeImage(read.bytes, options));
      } catch (error) {
        failures.set(place, reasonOf(error));
      }
    });
  }
  const pixels = joined(images, new Uint8Array(memory));
  return { sha256, sizes, stamps, hasElsewhere, failures, unread, channels, pixels };
}

/** The images that there are, behind each other. */
function joined(images: readonly Uint8Array[], memory: Uint8Array): Uint8Array {
  let end = 0;
  images.forEach((image) => {
    memory.set(image, end);
    end += image.length;
  });
  return memory.subarray(0, end);
}
