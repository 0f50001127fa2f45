import { layersModel } from './layers-model.js';
import type { Layer } from './layer.js';

/** A file of an exported model. */
export interface ExportedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What model.json calls the file beside it. */
const WEIGHTS = 'weights.bin';

/**
 * A traced network in the format that `tf.loadLayersModel` reads, on the current backend.
 *
 * @param name of its last layer
 * @param properties what the model says about itself: its user-defined metadata
 * @returns the weights, and the description that refers to them
 */
export function layersFiles(
  output: Layer,
  name: string,
  properties: Readonly<Record<string, unknown>>,
): ExportedFile[] {
  const model = layersModel(output, name);
  const weights = model.weights.map((variable) => ({
    spec: { name: variable.originalName, shape: variable.shape, dtype: variable.dtype },
    bytes: new Uint8Array(variable.read().dataSync().slice().buffer),
  }));
  const description = {
    format: 'layers-model',
    generatedBy: 'evenset',
    userDefinedMetadata: properties,
    modelTopology: model.toJSON(undefined, false) as object,
    weightsManifest: [{ paths: [WEIGHTS], weights: weights.map(({ spec }) => spec) }],
  };
  model.dispose();
  return [
    { name: WEIGHTS, bytes: Buffer.concat(weights.map(({ bytes }) => bytes)) },
    { name: 'model.json', bytes: Buffer.from(JSON.stringify(description)) },
  ];
}
