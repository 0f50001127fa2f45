import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { liesBelow } from '../manifest/image-path.js';
import { stampOf, type FileStamp } from './file-stamp.js';

/** Where an image's bytes are: in the file of that name, or at hand; or why there are none. */
export type ImageSource = string | Uint8Array | { readonly reason: string };

/** A folder, with all symbolic links followed, that files lie below, and whether they must. */
export interface FolderRule {
  readonly folder: string;
  readonly isRequired: boolean;
}

/** An image file's bytes and what else its opening tells. */
export interface SourceBytes {
  readonly bytes: Uint8Array;
  /** Of a file. */
  readonly stamp?: FileStamp;
  /** Whether a file lies elsewhere than below the folder that was asked for. */
  readonly isElsewhere?: boolean;
}

/** More cannot be read at once. */
const MAX_BYTES = 2 ** 31 - 1;

const NO_SCRATCH = new Uint8Array();

/** Opens no symbolic link; Windows does not know it. */
const NO_FOLLOW = constants.O_NOFOLLOW as number | undefined;

/**
 * The bytes of an image file, without a promise, which costs as much as a small file's bytes.
 *
 * @param below where a file has to lie; undefined: anywhere
 * @param scratch memory that a file's bytes are put into where they fit: the next file overwrites them
 * @throws Error when they cannot be read, or lie where they must not
 */
export function readSource(
  source: ImageSource,
  below?: FolderRule,
  scratch = NO_SCRATCH,
): SourceBytes {
  if (source instanceof Uint8Array) return { bytes: source };
  if (typeof source !== 'string') throw new Error(source.reason);
  if (!below) return readStamped(source, scratch);
  const isInFolder = isFolderBelow(dirname(source), below.folder);
  const plain = isInFolder ? readUnlessLink(source, scratch) : undefined;
  if (plain) return plain;
  const isElsewhere = !liesBelow(realpathSync.native(source), below.folder);
  if (!isElsewhere || !below.isRequired) return { ...readStamped(source, scratch), isElsewhere };
  throw new Error("a symbolic link leads out of the manifest's folder; --allow-outside accepts it");
}

/** What was last asked: images come folder by folder. */
let last = { folder: '', outer: '', isBelow: false };

/** Whether a folder, with all symbolic links followed, is another one or lies below it. */
function isFolderBelow(folder: string, outer: string): boolean {
  if (last.folder !== folder || last.outer !== outer) {
    last = { folder, outer, isBelow: liesBelow(realpathSync.native(folder), outer) };
  }
  return last.isBelow;
}

function readUnlessLink(file: string, scratch: Uint8Array): SourceBytes | undefined {
  if (NO_FOLLOW === undefined) {
    return lstatSync(file).isSymbolicLink() ? undefined : readStamped(file, scratch);
  }
  try {
    return readStamped(file, scratch, constants.O_RDONLY | NO_FOLLOW);
  } catch (error) {
    // What the system says of a link.
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return undefined;
    throw error;
  }
}

function readStamped(
  file: string,
  scratch: Uint8Array,
  flags: number = constants.O_RDONLY,
): SourceBytes {
  const handle = openSync(file, flags);
  try {
    const info = fstatSync(handle);
    if (info.size > MAX_BYTES) throw new Error(`the file has ${info.size} bytes, more than 2 GiB`);
    const fits = info.size <= scratch.length;
    const bytes = fits ? scratch.subarray(0, info.size) : Buffer.allocUnsafe(info.size);
    const length = readSync(handle, bytes, 0, info.size, 0);
    if (length !== info.size) throw new Error('the file was cut short while it was read');
    return { bytes, stamp: stampOf(info) };
  } finally {
    closeSync(handle);
  }
}
