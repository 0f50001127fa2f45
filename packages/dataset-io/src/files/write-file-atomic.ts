import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

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
  const temporary = await openTemporary(file);
  try {
    await naming(file, () => write(temporary.handle));
    await temporary.keepAs(file);
  } finally {
    await temporary.close();
  }
}

/** Bytes after which a file is synced while it is written on: else its end waits for the disk. */
const SYNCED_AT_ONCE = 8 << 20;

/** A file under a temporary name. */
export interface TemporaryFile {
  readonly handle: FileHandle;
  /** Writes at its end, and lets the disk catch up meanwhile. */
  append(bytes: Uint8Array): Promise<void>;
  /** Syncs it and gives it its name, in the same folder. */
  keepAs(file: string): Promise<void>;
  /** Removes it unless it was kept. */
  close(): Promise<void>;
}

/**
 * Opens an empty file beside `file`, whose folder is made where there is none.
 *
 * @throws Error naming the file when the system does not let it be written
 */
export async function openTemporary(file: string): Promise<TemporaryFile> {
  // Processes in different containers may share a folder, and a process number.
  const temporary = `${file}.${randomUUID()}.tmp`;
  const handle = await naming(file, async () => {
    await mkdir(dirname(file), { recursive: true });
    return open(temporary, 'wx+');
  });
  let unsynced = 0;
  /** The system tells of a failed sync only once: it is kept for whoever keeps the file. */
  let synced = Promise.resolve();
  return {
    handle,
    append: (bytes) =>
      naming(file, async () => {
        await handle.writeFile(bytes);
        unsynced += bytes.length;
        if (unsynced < SYNCED_AT_ONCE) return;
        unsynced = 0;
        synced = synced.then(() => handle.datasync());
        synced.catch(() => undefined);
      }),
    keepAs: (name) =>
      naming(name, async () => {
        await synced;
        await handle.sync();
        await handle.close();
        await rename(temporary, name);
      }),
    async close() {
      // What went wrong first is what is told.
      await synced.catch(() => undefined);
      await handle.close().catch(() => undefined);
      await rm(temporary, { force: true }).catch(() => undefined);
    },
  };
}

/** Lets an error of the system name the file. */
export async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfSystem = error instanceof Error && 'syscall' in error;
    throw isOfSystem
      ? new Error(`Cannot write ${file}: ${error.message}`, { cause: error })
      : error;
  }
}
