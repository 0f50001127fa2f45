import type * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../engines/engine.js';
import type { ModelState } from '../training/model-state.js';
import { stateGroups } from '../training/model-state.js';
import { CheckpointError, type Checkpoint, type NamedTensor } from './checkpoint.js';

/** Copies of all variables' values. */
export function snapshotState(engine: Engine, state: ModelState): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  for (const group of stateGroups) {
    for (const [name, variable] of state[group]) {
      tensors.set(`${group}/${name}`, { shape: variable.shape, values: engine.read(variable) });
    }
  }
  return tensors;
}

/** Puts a checkpoint's values into all variables. */
export function restoreState(engine: Engine, state: ModelState, checkpoint: Checkpoint): void {
  for (const group of stateGroups) restoreGroup(engine, state[group], checkpoint, group);
}

/** Puts the values of one group into variables. */
export function restoreGroup(
  engine: Engine,
  parameters: ReadonlyMap<string, tf.Variable>,
  checkpoint: Checkpoint,
  group: string,
): void {
  for (const [name, variable] of parameters) {
    const saved = checkpoint.tensors.get(`${group}/${name}`);
    if (saved?.shape.join() !== variable.shape.join()) {
      throw new CheckpointError(
        `Expected ${group}/${name} of shape [${variable.shape.join(', ')}] in the checkpoint but received [${saved?.shape.join(', ') ?? 'nothing'}].`,
      );
    }
    engine.write(variable, saved.values);
  }
}
