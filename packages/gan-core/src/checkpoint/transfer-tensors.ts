import type { ModelConfig } from '../models/model-config.js';
import { copyPrefix } from '../models/model-copies.js';
import { modelOf } from '../models/model-kinds.js';
import { assertSameNetworks } from './assert-same-networks.js';
import type { Checkpoint, NamedTensor } from './checkpoint.js';

/** A fresh model: its variables' first values, as a checkpoint names them. */
type FreshModel = Pick<Checkpoint, 'config' | 'labels' | 'tensors'>;

/**
 * A fresh model with the weights of one that was trained on another data set: networks, moving average and buffers. Rows
 * and copies that belong to classes come from the classes of the same label; those of new classes and the optimizer's
 * moments stay fresh.
 *
 * @throws CheckpointError naming in what the networks differ, and both values
 */
export function transferTensors(fresh: FreshModel, init: Checkpoint): Map<string, NamedTensor> {
  const { config, labels } = fresh;
  assertSameNetworks(init.config, config);
  const groups = groupsOf(config);
  const result = new Map(fresh.tensors);
  for (let copy = 0; copy < (config.perClass ? labels.length : 1); copy++) {
    const from = config.perClass ? init.labels.indexOf(labels[copy] ?? '') : 0;
    for (const [name, rowsAreClasses] of groups) {
      const own = fresh.tensors.get(`${copyPrefix(config, copy)}${name}`);
      const saved = init.tensors.get(`${copyPrefix(config, from)}${name}`);
      // A new class has no copy there, and buffers that only a recipe brings may be missing.
      if (!own || !saved) continue;
      const taken =
        rowsAreClasses && !config.perClass
          ? matchRows(own, labels, saved, init.labels)
          : saved.shape.join() === own.shape.join()
            ? saved
            : own;
      result.set(`${copyPrefix(config, copy)}${name}`, taken);
    }
  }
  return result;
}

/** The names of what is taken over, and whether its rows belong to classes. */
function groupsOf(config: ModelConfig): [string, boolean][] {
  const { trained, generator, buffers } = modelOf(config);
  return Object.entries({ ...trained, average: generator.specs, buffers }).flatMap(
    ([group, specs]) =>
      [...specs].map(([name, { rowsAreClasses = false }]): [string, boolean] => [
        `${group}/${name}`,
        rowsAreClasses,
      ]),
  );
}

/** Rows of the classes that both sides know, the fresh ones of others. */
function matchRows(
  { shape, values }: NamedTensor,
  labels: readonly string[],
  saved: NamedTensor,
  savedLabels: readonly string[],
): NamedTensor {
  const rows = values.slice();
  const length = rows.length / labels.length;
  labels.forEach((label, row) => {
    const from = savedLabels.indexOf(label);
    if (from >= 0)
      rows.set(saved.values.subarray(from * length, (from + 1) * length), row * length);
  });
  return { shape, values: rows };
}
