import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { reasonOf } from '../errors.js';
import { mapConcurrently } from '../files/map-concurrently.js';
import { liesBelow } from '../manifest/image-path.js';
import { statIfThere } from '../files/stat-if-there.js';
import { sha256Of } from '../files/sha256.js';
import { decodeImage } from './decode-image.js';
import type { DecodeOptions } from './decode-options.js';
import { inspectImage } from './inspect-image.js';

/** Images that one worker has in hand at a time: sharp and the disk wait side by side. */
const AT_ONCE = 4;

/** Images between two turns of the event loop, without which the decoder's buffers are not given back. */
const TURN = 8;

/** Where an image's bytes are: in a file, which may have to lie below a folder, or at hand. */
export type ImageSource =
  | { readonly file: string; readonly mustLieBelow?: string | undefined }
  | { readonly bytes: Uint8Array }
  | { readonly reason: string };

/** Why something could not be read. */
export interface Failure {
  readonly reason: string;
}

export type InspectedFile =
  { readonly width: number; readonly height: number; readonly sha256: string } | Failure;

/** An image that was decoded; width and height are the file's, upright. */
export interface DecodedInfo {
  readonly sha256: string;
  readonly channels: 1 | 3;
  readonly width: number;
  readonly height: number;
}

/** Decoded images: an entry for each source, and the pixels of those that could be read behind each other. */
export interface DecodedBatch {
  readonly entries: readonly (DecodedInfo | Failure)[];
  readonly pixels: Uint8Array;
}

/** Sizes and hashes of image files, each decoded once to see that it is whole. */
export function inspectFiles(files: readonly string[]): Promise<InspectedFile[]> {
  return mapConcurrently(files, AT_ONCE, (file) =>
    orReason(async () => {
      const bytes = readFileSync(file);
      return { ...(await inspectImage(bytes)), sha256: sha256Of(bytes) };
    }),
  );
}

/** What tells one version of a file from another: size, time and inode; null where it cannot be looked at. */
export function stampFiles(files: readonly string[]): (readonly number[] | null)[] {
  return files.map((file) => {
    const info = statIfThere(file);
    return info ? [info.size, info.mtimeMs, info.ino] : null;
  });
}

/** Decodes images to one size. */
export async function decodeImages(task: {
  readonly sources: readonly ImageSource[];
  readonly options: DecodeOptions;
}): Promise<DecodedBatch> {
  const pixels: Uint8Array[] = [];
  const entries = await mapConcurrently(task.sources, AT_ONCE, (source, index) =>
    orReason(async (): Promise<DecodedInfo> => {
      if (index % TURN === 0) await setImmediate();
      const bytes = bytesOf(source);
      const image = await decodeImage(bytes, task.options);
      pixels[index] = image.pixels;
      const { channels, width, height } = image;
      return { sha256: sha256Of(bytes), channels, width, height };
    }),
  );
  return { entries, pixels: new Uint8Array(Buffer.concat(pixels.filter(Boolean))) };
}

function bytesOf(source: ImageSource): Uint8Array {
  if ('reason' in source) throw new Error(source.reason);
  if ('bytes' in source) return source.bytes;
  const { file, mustLieBelow } = source;
  if (mustLieBelow !== undefined && !liesBelow(realPathOf(file), mustLieBelow)) {
    throw new Error(
      "a symbolic link leads out of the manifest's folder; --allow-outside accepts it",
    );
  }
  return readFileSync(file);
}

/** The last folder whose real path was asked for: images come folder by folder. */
let lastFolder = { path: '', realPath: '' };

/** A file's path with all symbolic links followed. */
function realPathOf(file: string): string {
  const path = dirname(file);
  if (lastFolder.path !== path) lastFolder = { path, realPath: realpathSync.native(path) };
  return lstatSync(file).isSymbolicLink()
    ? realpathSync.native(file)
    : join(lastFolder.realPath, basename(file));
}

async function orReason<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}
