import * as tf from '@tensorflow/tfjs-core';
import {
  conditionalBatchNorm,
  conditionalBatchNormSpecs,
  type ChannelStatistics,
} from './conditional-batch-norm.js';
import { get, type Parameters, type ParameterSpec } from './parameters.js';
import type { GanConfig } from './presets.js';

/** Names of the generator's normalisation layers, from the 4x4 end. */
export function normLayers({ generatorWidths }: GanConfig): string[] {
  return generatorWidths.map((_, block) => `block${block}/norm`);
}

/** The parameters of the generator. */
export function generatorSpecs(config: GanConfig): Map<string, ParameterSpec> {
  const { generatorWidths: widths, latentDim, embeddingDim, classes, channels } = config;
  const specs = new Map<string, ParameterSpec>([
    // A small start would be multiplied by the small start of every gain and bias of a class.
    ['embedding', { shape: [classes, embeddingDim], start: 'unit normal' }],
    ['dense', { shape: [latentDim, 16 * (widths[0] ?? 1)], start: 'normal' }],
  ]);
  widths.forEach((width, block) => {
    const before = widths[block - 1];
    if (before !== undefined) {
      specs.set(`block${block}/filter`, { shape: [4, 4, width, before], start: 'normal' });
    }
    for (const [name, spec] of conditionalBatchNormSpecs(
      `block${block}/norm`,
      width,
      embeddingDim,
    )) {
      specs.set(name, spec);
    }
  });
  specs.set('image/filter', { shape: [3, 3, widths.at(-1) ?? 1, channels], start: 'normal' });
  specs.set('image/bias', { shape: [channels], start: 0 });
  return specs;
}

/** Where a normalisation layer's statistics come from: the batch while training, fixed ones when sampling. */
export type StatisticsOf = (layer: string, x: tf.Tensor) => ChannelStatistics;

/**
 * The generator: dense to 4x4, then 4x4 stride-2 transposed convolutions with conditional batch norm and
 * ReLU, then 3x3 to tanh.
 *
 * @param z [batch, latentDim]
 * @param oneHot the classes, [batch, classes]
 * @returns images in [-1, 1], [batch, size, size, channels]
 */
export function generate(
  config: GanConfig,
  parameters: Parameters,
  z: tf.Tensor,
  oneHot: tf.Tensor,
  statisticsOf?: StatisticsOf,
): tf.Tensor {
  const [batch = 1] = z.shape;
  const embedding = tf.matMul(oneHot, get(parameters, 'embedding')); // [batch, embeddingDim]
  let x = tf.matMul(z, get(parameters, 'dense'));
  config.generatorWidths.forEach((width, block) => {
    const side = 4 * 2 ** block;
    x =
      block === 0
        ? tf.reshape(x, [batch, side, side, width])
        : tf.conv2dTranspose(
            x as tf.Tensor4D,
            get(parameters, `block${block}/filter`) as tf.Tensor as tf.Tensor4D,
            [batch, side, side, width],
            2,
            'same',
          );
    const layer = `block${block}/norm`;
    x = tf.relu(conditionalBatchNorm(parameters, layer, x, embedding, statisticsOf?.(layer, x)));
  });
  const image = tf.conv2d(
    x as tf.Tensor4D,
    get(parameters, 'image/filter') as tf.Tensor as tf.Tensor4D,
    1,
    'same',
  );
  return tf.tanh(tf.add(image, get(parameters, 'image/bias')));
}
