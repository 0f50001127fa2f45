import { hashFile } from '@evenset/dataset-io';
import { readCheckpoint, type Checkpoint } from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import { assertThere } from '../errors.js';
import { checkpointFiles, hasCheckpoint } from './checkpoint-files.js';
import type { RunFolder } from './run-folder.js';

/** A checkpoint to start from, and the hash of its file. */
export interface Init {
  /** undefined for a run that has a checkpoint of its own. */
  readonly checkpoint: Checkpoint | undefined;
  readonly sha256: string | null;
}

/**
 * Reads what --init names. A run that goes on from a checkpoint of its own does not need the file, but if it is there, it
 * has to be the one that the run started from.
 *
 * @throws UsageError when the file is needed and not there
 * @throws CheckpointError when it is no checkpoint
 */
export async function readInit(
  file: string | undefined,
  folder: Pick<RunFolder, 'file' | 'previous'>,
): Promise<Init | undefined> {
  if (file === undefined) return undefined;
  const goesOn = hasCheckpoint(checkpointFiles(folder));
  if (goesOn && !existsSync(file)) {
    return { checkpoint: undefined, sha256: folder.previous?.inputs.initSha256 ?? null };
  }
  assertThere(file, '--init');
  return {
    checkpoint: goesOn ? undefined : await readCheckpoint(file),
    sha256: await hashFile(file),
  };
}
