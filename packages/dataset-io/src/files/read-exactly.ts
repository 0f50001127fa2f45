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

/** Fills memory with a file's bytes from a place on. @throws Error when there are fewer */
export async function readInto(handle: FileHandle, from: number, bytes: Uint8Array): Promise<void> {
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
  if (bytesRead < bytes.length) throw new Error('The file is cut short.');
}
