import type { FileHandle } from 'node:fs/promises';
import { readInto, readPieces } from '../files/read-exactly.js';
import { naming, openTemporary, type TemporaryFile } from '../files/write-file-atomic.js';

/** Bytes of a SHA-256. */
export const HASH = 32;
/** Bytes of a row's number. */
const ROW = 4;
/** Bytes of all that is recorded of a row. */
export const RECORD = ROW + HASH;

/** Bytes of hashes that are written at once. */
const PIECE = 1 << 20;

/** Which rows' images lie in a cache entry, in their order: there may be millions, so that hashes wait in a file. */
export interface RowRecords {
  readonly count: number;
  /** Adds rows, [n], and the SHA-256 of their image files, [n, 32]. */
  add(rows: Int32Array, sha256: Uint8Array): Promise<void>;
  /** Appends all rows, then all hashes. */
  appendTo(entry: TemporaryFile): Promise<void>;
  close(): Promise<void>;
}

/** Opens an empty list of records; its hashes wait beside `file`. */
export function openRowRecords(file: string): RowRecords {
  const rows: Uint8Array[] = [];
  let hashes: Uint8Array[] = [];
  let waiting = 0;
  let count = 0;
  let aside: TemporaryFile | undefined;
  let written = 0;
  return {
    get count() {
      return count;
    },
    async add(some, sha256) {
      rows.push(bytesOf(some));
      count += some.length;
      hashes.push(sha256);
      waiting += sha256.length;
      if (waiting < PIECE) return;
      aside ??= await openTemporary(file);
      // Not synced: it is thrown away.
      const { handle } = aside;
      await naming(file, () => handle.writeFile(Buffer.concat(hashes)));
      written += waiting;
      [hashes, waiting] = [[], 0];
    },
    async appendTo(entry) {
      await entry.append(Buffer.concat(rows));
      if (aside) {
        for await (const some of readPieces(aside.handle, 0, written)) await entry.append(some);
      }
      await entry.append(Buffer.concat(hashes));
    },
    async close() {
      await aside?.close();
    },
  };
}

/** Reads the rows of `count` records that begin at a place in a file. */
export async function readRows(
  handle: FileHandle,
  from: number,
  count: number,
): Promise<Int32Array> {
  const rows = new Int32Array(count);
  await readInto(handle, from, bytesOf(rows));
  return rows;
}

/** Reads their hashes, behind each other, in pieces of whole ones. */
export function readHashes(
  handle: FileHandle,
  from: number,
  count: number,
): AsyncGenerator<Buffer> {
  return readPieces(handle, from + count * ROW, count * HASH);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
