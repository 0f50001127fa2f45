import * as tf from '@tensorflow/tfjs-core';
import { batchNorm, normaliseBy, type ChannelStatistics } from './batch-norm.js';
import { get, type Parameters, type ParameterSpec } from './parameters.js';

/** What a batch norm takes besides its parameters. */
interface Given {
  /** The classes' embeddings e, [batch, embeddingDim], where gain and bias depend on the class. */
  readonly embedding?: tf.Tensor | undefined;
  /** Fixed statistics; without, the batch's own. */
  readonly statistics?: ChannelStatistics | undefined;
}

/** Parameters of a batch norm under `name`; one that depends on no class has an embedding of length 0. */
export function batchNormSpecs(
  name: string,
  channels: number,
  embeddingDim = 0,
): [string, ParameterSpec][] {
  const plain: [string, ParameterSpec][] = [
    [`${name}/gain`, { shape: [channels], start: 1 }],
    [`${name}/bias`, { shape: [channels], start: 0 }],
  ];
  if (embeddingDim === 0) return plain;
  return [
    ...plain,
    [`${name}/gainOfClass`, { shape: [embeddingDim, channels], start: 'normal' }],
    [`${name}/biasOfClass`, { shape: [embeddingDim, channels], start: 'normal' }],
  ];
}

/**
 * Batch norm, with an embedding one whose gain and bias depend on the class: (gain + e W) (x - mean) / sd + bias + e V
 * (Dumoulin et al., 2017).
 *
 * @param x [batch, height, width, channels]
 */
export function batchNormLayer(
  parameters: Parameters,
  name: string,
  x: tf.Tensor,
  { embedding, statistics }: Given = {},
): tf.Tensor {
  const valueOf = (base: string, ofClass: string) => {
    const shared = get(parameters, `${name}/${base}`);
    return embedding
      ? tf.add(shared, tf.matMul(embedding, get(parameters, `${name}/${ofClass}`)))
      : shared;
  };
  const gain = valueOf('gain', 'gainOfClass');
  const bias = valueOf('bias', 'biasOfClass');
  return statistics ? normaliseBy(statistics, x, gain, bias) : batchNorm(x, gain, bias);
}
