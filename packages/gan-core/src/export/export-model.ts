import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { snapshotState } from '../checkpoint/model-snapshot.js';
import type { Engine } from '../engines/engine.js';
import { copyOf } from '../models/model-copies.js';
import { copyConfig } from '../models/model-kinds.js';
import { openAveragedGenerator } from '../sampling/averaged-generator.js';
import type { ExportedFile } from './layers-files.js';

/** What a generator can be exported as. */
export const modelFormats = ['onnx', 'tfjs-layers'] as const;
export type ModelFormat = (typeof modelFormats)[number];

/**
 * A checkpoint's averaged generator for other programs: `generator.onnx`, and `model.json` with `weights.bin` for
 * TensorFlow.js. Its inputs are `z`, N(0, 1) noise [n, latentDim], and `classes`, one-hot [n, classes], where the model
 * knows classes; its output is `images`, [n, size, size, channels] in [-1, 1]. All are float32.
 *
 * @param engine measures the averaged generator's batch-norm statistics, as sampling does
 * @param label index of the class whose own generator is exported, where each class has one
 * @returns the files in the order in which to write them
 * @throws ExportError when the generator does something that no layer stands for
 */
export async function exportModel(
  checkpoint: Checkpoint,
  engine: Engine,
  formats: readonly ModelFormat[],
  label = 0,
): Promise<ExportedFile[]> {
  const { config } = checkpoint;
  const { model, size, channels, latentDim } = config;
  const labels = config.perClass ? checkpoint.labels.slice(label, label + 1) : checkpoint.labels;
  const generator = await openAveragedGenerator(checkpoint, engine);
  await generator.place(copyOf(config, label));
  const snapshot = await snapshotState(engine, new Map(Object.entries(generator.variables)));
  await generator.dispose();
  const properties = { model, labels, size, channels, latentDim };
  // TensorFlow.js's layers take a tenth of a second to load, whatever else is to be done.
  const { writeModel } = await import('./write-model.js');
  return writeModel(copyConfig(config), snapshot, formats, properties);
}
