import { statIfThere } from '../files/stat-if-there.js';
import { decodeImage } from './decode-image.js';
import type { DecodeOptions } from './decode-options.js';
import { decodePlainImage } from './decode-plain-image.js';
import { inspectImage } from './inspect-image.js';
import { readPlainHeader } from './plain-header.js';
import { readBatch, type BatchFacts } from './read-batch.js';
import type { ImageSource } from './read-source.js';

/** Numbers of a stamp: size, time and inode. */
const STAMP = 3;

/** Decoded images of a batch: the facts, channels of each, and the pixels of those that could be read. */
export interface DecodedBatch extends BatchFacts {
  readonly channels: Uint8Array;
  /** Behind each other. */
  readonly pixels: Uint8Array;
}

/** Sizes and hashes of image files. */
export function inspectFiles(files: readonly string[]): Promise<BatchFacts> {
  return readBatch(
    files.map((file) => ({ file })),
    { atOnce: readPlainHeader, inTime: inspectImage, take: () => undefined },
  );
}

/** What tells one version of a file from another, [n, 3]; NaN for what cannot be looked at. */
export function stampFiles(files: readonly string[]): Float64Array {
  const stamps = new Float64Array(files.length * STAMP).fill(NaN);
  files.forEach((file, place) => {
    const info = statIfThere(file);
    if (info) stamps.set([info.size, info.mtimeMs, info.ino], place * STAMP);
  });
  return stamps;
}

/** Decodes images to one size. */
export async function decodeImages(task: {
  readonly sources: readonly ImageSource[];
  readonly options: DecodeOptions;
  /** Memory for the pixels, which the other thread reads without a copy. */
  readonly memory: SharedArrayBuffer;
}): Promise<DecodedBatch> {
  const { sources, options, memory } = task;
  const channels = new Uint8Array(sources.length);
  const images: Uint8Array[] = [];
  const facts = await readBatch(sources, {
    atOnce: (bytes) => decodePlainImage(bytes, options),
    inTime: (bytes) => decodeImage(bytes, options),
    take: (image, place) => {
      channels[place] = image.channels;
      images[place] = image.pixels;
    },
  });
  const pixels = new Uint8Array(memory);
  let end = 0;
  images.forEach((image) => {
    pixels.set(image, end);
    end += image.length;
  });
  return { ...facts, channels, pixels: pixels.subarray(0, end) };
}
