import type { NamedTensor } from '../checkpoint/checkpoint.js';
import type { ModelConfig } from '../models/model-config.js';
import { modelOf } from '../models/model-kinds.js';
import { createVariable, type Parameters } from '../networks/parameters.js';
import {
  allVariables,
  generateImages,
  type GeneratorVariables,
} from '../sampling/averaged-generator.js';
import type { ModelFormat } from './export-model.js';
import type { Layer } from './layer.js';
import { layersFiles, type ExportedFile } from './layers-files.js';
import { onnxModel } from './onnx-model.js';
import { layerBehind, onTracingBackend, tracedInput } from './tracing-backend.js';

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
 * Traces the generator of a model and writes it in some formats.
 *
 * @param snapshot its variables' values
 * @param properties what the files say about it
 */
export function writeModel(
  config: ModelConfig,
  snapshot: ReadonlyMap<string, NamedTensor>,
  formats: readonly ModelFormat[],
  properties: Readonly<Record<string, unknown>>,
): Promise<ExportedFile[]> {
  return onTracingBackend(() => {
    const network = traceGenerator(config, snapshot);
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
