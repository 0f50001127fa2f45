import * as tf from '@tensorflow/tfjs-core';
import { leakyRelu } from './leaky-relu.js';
import { get, type Parameters, type ParameterSpec, type ParameterSpecs } from './parameters.js';

/** Parameters of dense layers from each width to the next. */
export function denseSpecs(widths: readonly number[]): ParameterSpecs {
  return new Map(
    widths.slice(1).flatMap((width, layer): [string, ParameterSpec][] => [
      [`layer${layer}/weight`, { shape: [widths[layer] ?? 1, width], start: 'scaled' }],
      [`layer${layer}/bias`, { shape: [width], start: 0 }],
    ]),
  );
}

/**
 * Dense layers with leaky ReLU .2 between them and nothing behind the last.
 *
 * @param x [batch, inputs]
 * @param widths as the parameters' specs were made of
 */
export function denseLayers(
  parameters: Parameters,
  x: tf.Tensor,
  widths: readonly number[],
): tf.Tensor {
  return widths.slice(1).reduce((input, _, layer) => {
    const before = layer === 0 ? input : leakyRelu(input);
    const product = tf.matMul(before, get(parameters, `layer${layer}/weight`));
    return tf.add(product, get(parameters, `layer${layer}/bias`));
  }, x);
}
