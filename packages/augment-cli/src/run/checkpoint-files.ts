import { readCheckpoint, type Checkpoint } from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import type { RunFolder } from './run-folder.js';

/** Where a run keeps its checkpoints. */
export interface CheckpointFiles {
  /** Written every minute, at the end and after a rollback. */
  readonly last: string;
  /** That of the last good look, to go back to; at first the initial weights. */
  readonly good: string;
  /** The one whose images were nearest to held-out ones. */
  readonly model: string;
}

/** The checkpoint that a run generates with: the best one so far. */
export function modelFile(folder: Pick<RunFolder, 'file'>): string {
  return folder.file('checkpoints', 'model.safetensors');
}

/** The files of a run. */
export function checkpointFiles(folder: Pick<RunFolder, 'file'>): CheckpointFiles {
  return {
    last: folder.file('checkpoints', 'last.safetensors'),
    good: folder.file('checkpoints', 'good.safetensors'),
    model: modelFile(folder),
  };
}

/** Whether there is a checkpoint to go on from. */
export function hasCheckpoint({ last, good }: CheckpointFiles): boolean {
  return existsSync(last) || existsSync(good);
}

/** The checkpoint that an interrupted run goes on from: the furthest, where a rollback counts more than steps. */
export async function newestCheckpoint({
  last,
  good,
}: CheckpointFiles): Promise<Checkpoint | undefined> {
  const readIfThere = async (file: string) => (existsSync(file) ? readCheckpoint(file) : undefined);
  const [one, other] = [await readIfThere(last), await readIfThere(good)];
  if (!one || !other) return one ?? other;
  const isFurther =
    one.rollbacks === other.rollbacks ? one.step >= other.step : one.rollbacks > other.rollbacks;
  return isFurther ? one : other;
}
