import * as tf from '@tensorflow/tfjs-core';
import { batchNorm, normaliseBy, type ChannelStatistics } from './batch-norm.js';
import { get, type Parameters, type ParameterSpec } from './parameters.js';

/** Parameters of a conditional batch norm under `name`. */
export function conditionalBatchNormSpecs(
  name: string,
  channels: number,
  embeddingDim: number,
): [string, ParameterSpec][] {
  return [
    [`${name}/gain`, { shape: [channels], start: 1 }],
    [`${name}/bias`, { shape: [channels], start: 0 }],
    [`${name}/gainOfClass`, { shape: [embeddingDim, channels], start: 'normal' }],
    [`${name}/biasOfClass`, { shape: [embeddingDim, channels], start: 'normal' }],
  ];
}

/**
 * Batch norm whose gain and bias depend on the class: (gain + e W) (x - mean) / sd + bias + e V
 * (Dumoulin et al., 2017).
 *
 * @param x [batch, height, width, channels]
 * @param embedding the classes' embeddings e, [batch, embeddingDim]
 * @param statistics fixed ones; without, the batch's own
 */
export function conditionalBatchNorm(
  parameters: Parameters,
  name: string,
  x: tf.Tensor,
  embedding: tf.Tensor,
  statistics?: ChannelStatistics,
): tf.Tensor {
  const perImage = (base: string, ofClass: string) =>
    tf.add(
      get(parameters, `${name}/${base}`),
      tf.matMul(embedding, get(parameters, `${name}/${ofClass}`)),
    );
  const gain = perImage('gain', 'gainOfClass');
  const bias = perImage('bias', 'biasOfClass');
  return statistics ? normaliseBy(statistics, x, gain, bias) : batchNorm(x, gain, bias);
}
