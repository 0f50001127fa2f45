import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

let count = 0;

/** Writes a file whole or not at all: under a temporary name beside it, synced, then renamed. */
export async function writeFileAtomic(file: string, bytes: Uint8Array): Promise<void> {
  await writeAtomic(file, (handle) => handle.writeFile(bytes));
}

/**
 * The same for content that `write` puts into the open temporary file.
 *
 * @throws Error naming the file when the system does not let it be written: no space, no permission
 */
export async function writeAtomic(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${process.pid}-${count++}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(temporary, 'w');
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    // What went wrong first is what is told.
    await rm(temporary, { force: true }).catch(() => undefined);
    const isOfSystem = error instanceof Error && 'syscall' in error;
    throw isOfSystem
      ? new Error(`Cannot write ${file}: ${error.message}`, { cause: error })
      : error;
  }
}
