import type { FileHandle } from 'node:fs/promises';

/** `length` bytes of a file. @throws Error when there are fewer */
export async function readExactly(
  handle: FileHandle,
  from: number,
  length: number,
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await readInto(handle, from, bytes);
  return bytes;
}

/** Bytes that are read at once of what is long. */
const PIECE = 1 << 20;

/** `length` bytes of a file in pieces, whose size is a power of two. @throws Error when there are fewer */
export async function* readPieces(
  handle: FileHandle,
  from: number,
  length: number,
): AsyncGenerator<Buffer> {
  const end = from + length;
  for (let at = from; at < end; at += PIECE) {
    yield await readExactly(handle, at, Math.min(PIECE, end - at));
  }
}

/** Fills memory with a file's bytes from a place on. @throws Error when there are fewer */
export async function readInto(handle: FileHandle, from: number, bytes: Uint8Array): Promise<void> {
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
  if (bytesRead < bytes.length) throw new Error('The file is cut short.');
}
