import type * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../engines/engine.js';
import type { ModelState } from '../models/model-state.js';
import { CheckpointError, type Checkpoint, type NamedTensor } from './checkpoint.js';

/** Copies of all variables' values. */
export async function snapshotState(
  engine: Engine,
  state: ModelState,
): Promise<Map<string, NamedTensor>> {
  const tensors = [...state].flatMap(([group, parameters]) =>
    [...parameters].map(async ([name, variable]): Promise<[string, NamedTensor]> => {
      const values = await engine.read(variable);
      return [`${group}/${name}`, { shape: variable.shape, values }];
    }),
  );
  return new Map(await Promise.all(tensors));
}

/** Puts a checkpoint's values into all variables. */
export async function restoreState(
  engine: Engine,
  state: ModelState,
  checkpoint: Checkpoint,
): Promise<void> {
  for (const [group, parameters] of state) {
    await restoreGroup(engine, parameters, checkpoint, group);
  }
}

/** Puts the values of one group into variables. */
export async function restoreGroup(
  engine: Engine,
  parameters: ReadonlyMap<string, tf.Variable>,
  checkpoint: Checkpoint,
  group: string,
): Promise<void> {
  for (const [name, variable] of parameters) {
    const saved = checkpoint.tensors.get(`${group}/${name}`);
    if (saved?.shape.join() !== variable.shape.join()) {
      throw new CheckpointError(
        `Expected ${group}/${name} of shape [${variable.shape.join(', ')}] in the checkpoint but received [${saved?.shape.join(', ') ?? 'nothing'}].`,
      );
    }
    await engine.write(variable, saved.values);
  }
}
