import type * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../engines/engine.js';
import type { Model } from '../models/model.js';
import type { ModelConfig } from '../models/model-config.js';
import type { ModelState } from '../models/model-state.js';
import type { ParameterSpecs } from '../networks/parameters.js';
import { CheckpointError, type Checkpoint, type NamedTensor } from './checkpoint.js';

/**
 * Puts the weights of a model that was trained on another data set into a fresh one: networks, moving average and
 * buffers. Rows that belong to classes go to the classes of the same label; the rows of new classes and the optimizer's
 * moments stay as they are.
 *
 * @param labels the fresh model's classes
 * @throws CheckpointError naming in what the networks differ, and both values
 */
export async function transferState(
  engine: Engine,
  { model, config, state }: { model: Model; config: ModelConfig; state: ModelState },
  labels: readonly string[],
  init: Checkpoint,
): Promise<void> {
  assertSameNetworks(init.config, config);
  const groups: Record<string, ParameterSpecs> = {
    ...model.trained,
    average: model.generator.specs,
    buffers: model.buffers,
  };
  for (const [group, specs] of Object.entries(groups)) {
    for (const [name, { rowsAreClasses }] of specs) {
      const variable = state.get(group)?.get(name);
      const saved = init.tensors.get(`${group}/${name}`);
      // What a recipe adds to the buffers may be missing.
      if (!variable || !saved) continue;
      if (rowsAreClasses) await transferRows(engine, variable, labels, saved, init.labels);
      else if (saved.shape.join() === variable.shape.join()) {
        await engine.write(variable, saved.values);
      }
    }
  }
}

/** Copies the rows of classes that both sides know. */
async function transferRows(
  engine: Engine,
  variable: tf.Variable,
  labels: readonly string[],
  { values }: NamedTensor,
  savedLabels: readonly string[],
): Promise<void> {
  const rows = await engine.read(variable);
  const length = rows.length / labels.length;
  labels.forEach((label, row) => {
    const from = savedLabels.indexOf(label);
    if (from >= 0) rows.set(values.subarray(from * length, (from + 1) * length), row * length);
  });
  await engine.write(variable, rows);
}

/** The number of classes is all that may differ. */
function assertSameNetworks(ofInit: ModelConfig, config: ModelConfig): void {
  const saved = new Map<string, unknown>(Object.entries(ofInit));
  for (const [key, value] of Object.entries(config)) {
    if (key === 'classes') continue;
    const [before, now] = [saved.get(key), value].map((one) => JSON.stringify(one));
    if (before === now) continue;
    throw new CheckpointError(
      `Expected a checkpoint to start from with ${key} ${now ?? 'none'} but received one with ${key} ${before ?? 'none'}.`,
    );
  }
}
