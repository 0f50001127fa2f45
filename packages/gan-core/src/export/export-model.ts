import type { Checkpoint, NamedTensor } from '../checkpoint/checkpoint.js';
import { snapshotState } from '../checkpoint/model-snapshot.js';
import type { Engine } from '../engines/engine.js';
import { copyOf } from '../models/model-copies.js';
import { copyConfig, modelOf } from '../models/model-kinds.js';
import type { ModelConfig } from '../models/model-config.js';
import { createVariable, type Parameters } from '../networks/parameters.js';
import {
  allVariables,
  generateImages,
  openAveragedGenerator,
  type GeneratorVariables,
} from '../sampling/averaged-generator.js';
import type { Layer } from './layer.js';
import { layersFiles, type ExportedFile } from './layers-files.js';
import { onnxModel } from './onnx-model.js';
import { layerBehind, onTracingBackend, tracedInput } from './tracing-backend.js';

/** What a generator can be exported as. */
export const modelFormats = ['onnx', 'tfjs-layers'] as const;
export type ModelFormat = (typeof modelFormats)[number];

/** What the output is called. */
const OUTPUT = 'images';

/** Writes a traced network; `properties` is what the files say about the model. */
type Writer = (output: Layer, properties: Readonly<Record<string, unknown>>) => ExportedFile[];

const writers: Readonly<Record<ModelFormat, Writer>> = {
  onnx: (output, properties) => {
    const texts = Object.entries(properties).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const bytes = onnxModel(output, OUTPUT, Object.fromEntries(texts) as Record<string, string>);
    return [{ name: 'generator.onnx', bytes }];
  },
  'tfjs-layers': (output, properties) => layersFiles(output, OUTPUT, properties),
};

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
  return onTracingBackend(() => {
    const network = traceGenerator(copyConfig(config), snapshot);
    return formats.flatMap((format) => writers[format](network, properties));
  });
}

/** The layers of a generator whose variables have the values of a snapshot. */
function traceGenerator(config: ModelConfig, snapshot: ReadonlyMap<string, NamedTensor>): Layer {
  const restored = (group: keyof GeneratorVariables): Parameters => {
    const own = [...snapshot].filter(([name]) => name.startsWith(`${group}/`));
    return new Map(
      own.map(([name, { shape, values }]) => [
        name.slice(group.length + 1),
        createVariable(shape, values),
      ]),
    );
  };
  const variables = {
    weights: restored('weights'),
    buffers: restored('buffers'),
    statistics: restored('statistics'),
  };
  const z = tracedInput('z', [config.latentDim]);
  const classes = tracedInput('classes', [config.classes]);
  const layer = layerBehind(generateImages(modelOf(config), variables, z, classes));
  for (const variable of allVariables(variables)) variable.dispose();
  return layer;
}
