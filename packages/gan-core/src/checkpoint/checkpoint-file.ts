import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CheckpointError, type Checkpoint } from './checkpoint.js';
import { decodeCheckpoint } from './decode-checkpoint.js';
import { encodeCheckpoint } from './encode-checkpoint.js';

/**
 * Writes a checkpoint: under a temporary name, synced, then renamed, so that it is whole or the old one.
 *
 * @throws CheckpointError when the system does not let it be written
 */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(encodeCheckpoint(checkpoint));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    // What went wrong first is what is told.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new CheckpointError(`Cannot write ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** @throws CheckpointError when the file is missing, damaged or of another kind */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CheckpointError(`Cannot read the checkpoint ${file}: ${(error as Error).message}`);
  });
  return decodeCheckpoint(bytes, file);
}
