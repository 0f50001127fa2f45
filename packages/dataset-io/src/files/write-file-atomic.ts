import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

let count = 0;

/** Writes a file whole or not at all: under a temporary name beside it, synced, then renamed. */
export async function writeFileAtomic(file: string, bytes: Uint8Array): Promise<void> {
  await writeAtomic(file, (handle) => handle.writeFile(bytes));
}

/** The same for content that `write` puts into the open temporary file. */
export async function writeAtomic(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}-${count++}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
