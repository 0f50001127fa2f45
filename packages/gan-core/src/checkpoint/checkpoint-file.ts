import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CheckpointError, type Checkpoint, type NamedTensor } from './checkpoint.js';
import { decodeHeader } from './decode-checkpoint.js';
import { bytesOf, encodeCheckpoint } from './encode-checkpoint.js';

/** The longest header that safetensors allows, in bytes. */
const MAX_HEADER = 100_000_000;
/** Bytes that are asked for at a time; the system gives 2 GiB at most. */
const MAX_READ = 2 ** 30;

/**
 * Writes a checkpoint: under a temporary name, synced, then renamed, so that it is whole or the old one.
 *
 * @throws CheckpointError when the system does not let it be written
 */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  // Random, because processes in different containers may have one number.
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      // Each is written behind the one before.
      for (const part of encodeCheckpoint(checkpoint)) await handle.writeFile(part);
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

/**
 * Reads a checkpoint of any size, one tensor at a time.
 *
 * @throws CheckpointError when the file is missing, damaged, of another kind or of another version
 */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  try {
    const handle = await open(file);
    try {
      return await readFrom(handle, file);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError(`Cannot read the checkpoint ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function readFrom(handle: FileHandle, name: string): Promise<Checkpoint> {
  const { size } = await handle.stat();
  const prefix = Buffer.alloc(8);
  if (size >= 8) await fill(prefix, handle, 0);
  const length = Number(prefix.readBigUInt64LE());
  // A header that cannot be there is none.
  const json = new Uint8Array(length <= Math.min(MAX_HEADER, size - 8) ? length : 0);
  await fill(json, handle, 8);
  const { checkpoint, places } = decodeHeader(json, { name, size });
  const tensors = new Map<string, NamedTensor>();
  for (const [tensor, { shape, start }] of places) {
    const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
    await fill(bytesOf(values), handle, start);
    tensors.set(tensor, { shape, values });
  }
  return { ...checkpoint, tensors };
}

/** Fills an array with the bytes from `start` on. */
async function fill(bytes: Uint8Array, handle: FileHandle, start: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const length = Math.min(MAX_READ, bytes.length - at);
    const { bytesRead } = await handle.read(bytes, at, length, start + at);
    if (bytesRead === 0) throw new Error('it became shorter while it was read');
    at += bytesRead;
  }
}
