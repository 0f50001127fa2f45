import * as tf from '@tensorflow/tfjs-core';
import { batchNorm, EPSILON } from './batch-norm.js';
import { get, type Parameters, type ParameterSpec } from './parameters.js';

/** Mean and variance of each channel, [channels]. */
export interface ChannelStatistics {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

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

/** The statistics of a batch, [batch, height, width, channels]. */
export function batchStatistics(x: tf.Tensor): ChannelStatistics {
  const channels = x.shape.at(-1) ?? 1;
  const rows = tf.reshape(x, [-1, channels]);
  const mean = tf.mean(rows, 0);
  return { mean, variance: tf.mean(tf.square(tf.sub(rows, mean)), 0) };
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
  const [batch = 1, , , channels = 1] = x.shape;
  const perImage = (base: string, ofClass: string) =>
    tf.add(
      get(parameters, `${name}/${base}`),
      tf.matMul(embedding, get(parameters, `${name}/${ofClass}`)),
    );
  const gain = perImage('gain', 'gainOfClass');
  const bias = perImage('bias', 'biasOfClass');
  if (!statistics) return batchNorm(x, gain, bias);
  const slope = tf.mul(gain, tf.rsqrt(tf.add(statistics.variance, EPSILON)));
  const offset = tf.sub(bias, tf.mul(statistics.mean, slope));
  const overPixels = (values: tf.Tensor) => tf.reshape(values, [batch, 1, 1, channels]);
  return tf.add(tf.mul(x, overPixels(slope)), overPixels(offset));
}
