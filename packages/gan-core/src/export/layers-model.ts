import * as tf from '@tensorflow/tfjs-core';
import * as keras from '@tensorflow/tfjs-layers';
import { ExportError } from './export-error.js';
import { layersOf, type Layer, type LinearOperation, type Operation } from './layer.js';

/**
 * A traced network as a model of TensorFlow.js's own layers, on the current backend.
 *
 * @param name of the last layer
 * @throws ExportError when a layer of TensorFlow.js has another output than the traced one
 */
export function layersModel(output: Layer, name: string): keras.LayersModel {
  const outputs = new Map<Layer, keras.SymbolicTensor>();
  const inputs: keras.SymbolicTensor[] = [];
  const layers = layersOf(output);
  for (const [i, layer] of layers.entries()) {
    const { operation, shape } = layer;
    if (operation.type === 'input') {
      const input = keras.input({ name: operation.name, shape: [...shape] });
      inputs.push(input);
      outputs.set(layer, input);
      continue;
    }
    const ownName = layer === output ? name : `${operation.type}${i}`;
    const made = kerasLayer(operation, ownName, shape);
    const from = layer.inputs.flatMap((input) => outputs.get(input) ?? []);
    const applied = made.apply(from.length === 1 && from[0] ? from[0] : from);
    const result = applied as keras.SymbolicTensor;
    if (result.shape.slice(1).join() !== shape.join()) {
      throw new ExportError(
        `The model cannot be exported: ${ownName} makes [${shape.join(', ')}], its layer of TensorFlow.js [${result.shape.slice(1).join(', ')}].`,
      );
    }
    outputs.set(layer, result);
  }
  return keras.model({ name: 'generator', inputs, outputs: outputs.get(output) ?? [] });
}

function kerasLayer(
  operation: Exclude<Operation, { type: 'input' }>,
  name: string,
  shape: readonly number[],
): keras.layers.Layer {
  switch (operation.type) {
    case 'dense':
      return keras.layers.dense({ units: shape[0] ?? 1, ...linear(operation, name) });
    case 'convolution':
    case 'transposedConvolution': {
      const { kernel, strides, padding } = operation;
      const [height = 1, width = 1] = kernel.shape;
      const settings = {
        filters: shape.at(-1) ?? 1,
        kernelSize: [height, width] as [number, number],
        strides: [...strides] as [number, number],
        padding,
        ...linear(operation, name),
      };
      return operation.type === 'convolution'
        ? keras.layers.conv2d(settings)
        : keras.layers.conv2dTranspose(settings);
    }
    case 'reshape':
      return keras.layers.reshape({ name, targetShape: [...shape] });
    case 'relu':
    case 'sigmoid':
    case 'tanh':
      return keras.layers.activation({ name, activation: operation.type });
    case 'leakyRelu':
      return keras.layers.leakyReLU({ name, alpha: operation.alpha });
    case 'add':
      return keras.layers.add({ name });
    case 'multiply':
      return keras.layers.multiply({ name });
    case 'affine': {
      const { scale, shift } = operation;
      // Batch norm whose statistics change nothing.
      const statistics = [tf.zeros([scale.length]), tf.ones([scale.length])];
      const weights = [tf.tensor1d(scale), tf.tensor1d(shift), ...statistics];
      return keras.layers.batchNormalization({ name, epsilon: 0, weights });
    }
  }
}

function linear({ kernel, bias }: LinearOperation, name: string) {
  const weights = [tf.tensor(kernel.values, [...kernel.shape])];
  if (bias) weights.push(tf.tensor1d(bias));
  return { name, useBias: bias !== undefined, kernelInitializer: 'zeros' as const, weights };
}
