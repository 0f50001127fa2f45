import type { FileHandle } from 'node:fs/promises';

/** `length` bytes of a file. @throws Error when there are fewer */
export async function readExactly(
  handle: FileHandle,
  from: number,
  length: number,
): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
  if (bytesRead < length) throw new Error('The file is cut short.');
  return buffer;
}
