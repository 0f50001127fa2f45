import type { Engine } from '../engines/engine.js';
import type { ModelState } from '../models/model-state.js';
import type { Parameters } from '../networks/parameters.js';
import { CheckpointError, type NamedTensor } from './checkpoint.js';

type Tensors = ReadonlyMap<string, NamedTensor>;

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

/** Puts a snapshot's values into all variables. */
export async function restoreState(
  engine: Engine,
  state: ModelState,
  tensors: Tensors,
): Promise<void> {
  for (const [group, parameters] of state) {
    await restoreGroup(engine, parameters, tensors, group);
  }
}

/**
 * Puts the values of one group into variables.
 *
 * @param group what their names begin with, before a slash
 * @throws CheckpointError when one is missing or has another shape
 */
export async function restoreGroup(
  engine: Engine,
  parameters: Parameters,
  tensors: Tensors,
  group: string,
): Promise<void> {
  for (const [name, variable] of parameters) {
    const saved = tensors.get(`${group}/${name}`);
    if (saved?.shape.join() !== variable.shape.join()) {
      throw new CheckpointError(
        `Expected ${group}/${name} of shape [${variable.shape.join(', ')}] in the checkpoint but received [${saved?.shape.join(', ') ?? 'nothing'}].`,
      );
    }
    await engine.write(variable, saved.values);
  }
}
