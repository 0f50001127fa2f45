/** Bytes of one record: the row's number and the SHA-256 of its image file. */
const RECORD = 36;
/** Bytes of a SHA-256. */
export const HASH = 32;

/** Which rows' images lie in a cache file, in their order: compact, because there may be millions. */
export interface RowRecords {
  readonly count: number;
  push(row: number, sha256: Uint8Array): void;
  /** All records behind each other. */
  bytes(): Uint8Array;
}

/** Opens an empty list of records. */
export function openRowRecords(): RowRecords {
  let buffer = Buffer.alloc(1024 * RECORD);
  let count = 0;
  return {
    get count() {
      return count;
    },
    push(row, sha256) {
      if ((count + 1) * RECORD > buffer.length) {
        buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)]);
      }
      const at = count++ * RECORD;
      buffer.writeInt32LE(row, at);
      buffer.set(sha256, at + 4);
    },
    bytes: () => buffer.subarray(0, count * RECORD),
  };
}

/** The rows and the hashes, 32 bytes each, of records. */
export function decodeRowRecords(bytes: Uint8Array): { rows: Int32Array; sha256: Uint8Array } {
  const records = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(records.length / RECORD);
  const rows = new Int32Array(count);
  const sha256 = new Uint8Array(count * HASH);
  for (let i = 0; i < count; i++) {
    rows[i] = records.readInt32LE(i * RECORD);
    sha256.set(records.subarray(i * RECORD + 4, (i + 1) * RECORD), i * HASH);
  }
  return { rows, sha256 };
}

/** The hash of the image at a position, as a key. */
export function contentAt(sha256: Uint8Array, position: number): string {
  return Buffer.from(sha256.buffer, sha256.byteOffset + position * HASH, HASH).toString('latin1');
}
