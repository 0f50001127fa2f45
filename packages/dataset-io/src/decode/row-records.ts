/** Bytes of a SHA-256. */
export const HASH = 32;
/** Bytes of a row's number. */
const ROW = 4;
/** Bytes of all that is recorded of a row. */
export const RECORD = ROW + HASH;

/** Which rows' images lie in a cache entry, in their order: compact, because there may be millions. */
export interface RowRecords {
  readonly count: number;
  /** Adds rows, [n], and the SHA-256 of their image files, [n, 32]. */
  add(rows: Int32Array, sha256: Uint8Array): void;
  /** All rows, then all hashes. */
  bytes(): Uint8Array;
}

/** Opens an empty list of records. */
export function openRowRecords(): RowRecords {
  const rows: Uint8Array[] = [];
  const hashes: Uint8Array[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(some, sha256) {
      rows.push(new Uint8Array(some.buffer, some.byteOffset, some.byteLength));
      hashes.push(sha256);
      count += some.length;
    },
    bytes: () => Buffer.concat([...rows, ...hashes]),
  };
}

/** The rows and the hashes, 32 bytes each, of records. */
export function decodeRowRecords(bytes: Uint8Array): { rows: Int32Array; sha256: Uint8Array } {
  const count = Math.floor(bytes.length / RECORD);
  const rows = new Int32Array(count);
  new Uint8Array(rows.buffer).set(bytes.subarray(0, count * ROW));
  return { rows, sha256: bytes.subarray(count * ROW) };
}

/** The hash of the image at a position, as a key. */
export function contentAt(sha256: Uint8Array, position: number): string {
  return Buffer.from(sha256.buffer, sha256.byteOffset + position * HASH, HASH).toString('latin1');
}
