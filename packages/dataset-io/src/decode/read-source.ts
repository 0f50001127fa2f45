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

/** Where an image's bytes are: in a file, whose place beside a folder may matter, or at hand. */
export type ImageSource =
  | { readonly file: string; readonly below?: FolderRule | undefined }
  | { readonly bytes: Uint8Array }
  | { readonly reason: string };

/** A folder, with all symbolic links followed, and whether a file may lie elsewhere. */
export interface FolderRule {
  readonly folder: string;
  readonly isRequired: boolean;
}

/** An image file's bytes and what else its opening tells. */
export interface SourceBytes {
  readonly bytes: Uint8Array;
  /** Of a file. */
  readonly stamp?: FileStamp;
  /** Whether a file lies elsewhere than below the folder that its source names. */
  readonly isElsewhere?: boolean;
}

/** More cannot be read at once. */
const MAX_BYTES = 2 ** 31 - 1;

/** Opens no symbolic link; Windows does not know it. */
const NO_FOLLOW = constants.O_NOFOLLOW as number | undefined;

/**
 * The bytes of an image file, without a promise, which costs as much as a small file's bytes.
 *
 * @throws Error when they cannot be read, or lie where they must not
 */
export function readSource(source: ImageSource): SourceBytes {
  if ('reason' in source) throw new Error(source.reason);
  if ('bytes' in source) return source;
  const { file, below } = source;
  if (!below) return readStamped(file);
  const plain = isFolderBelow(dirname(file), below.folder) ? readUnlessLink(file) : undefined;
  if (plain) return plain;
  const isElsewhere = !liesBelow(realpathSync.native(file), below.folder);
  if (!isElsewhere || !below.isRequired) return { ...readStamped(file), isElsewhere };
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

function readUnlessLink(file: string): SourceBytes | undefined {
  if (NO_FOLLOW === undefined) {
    return lstatSync(file).isSymbolicLink() ? undefined : readStamped(file);
  }
  try {
    return readStamped(file, constants.O_RDONLY | NO_FOLLOW);
  } catch (error) {
    // What the system says of a link.
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return undefined;
    throw error;
  }
}

function readStamped(file: string, flags: number = constants.O_RDONLY): SourceBytes {
  const handle = openSync(file, flags);
  try {
    const info = fstatSync(handle);
    if (info.size > MAX_BYTES) throw new Error(`the file has ${info.size} bytes, more than 2 GiB`);
    const bytes = Buffer.allocUnsafe(info.size);
    const length = readSync(handle, bytes, 0, info.size, 0);
    if (length !== info.size) throw new Error('the file was cut short while it was read');
    return { bytes, stamp: stampOf(info) };
  } finally {
    closeSync(handle);
  }
}
