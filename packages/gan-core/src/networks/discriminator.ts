import * as tf from '@tensorflow/tfjs-core';
import { get, type Parameters, type ParameterSpec } from './parameters.js';
import type { GanConfig } from './presets.js';
import { spectralNorm } from './spectral-norm.js';

/**
 * What logits are multiplied by. Spectral norm bounds them so tightly that the logistic loss would be nearly linear:
 * real and generated images ended at the same logit, and classes collapsed (docs/training.md).
 */
const LOGIT_GAIN = 8;

/** The parameters of the discriminator. */
export function discriminatorSpecs(config: GanConfig): Map<string, ParameterSpec> {
  const widths = config.discriminatorWidths.toReversed();
  const specs = new Map<string, ParameterSpec>();
  widths.forEach((width, block) => {
    const before = widths[block - 1] ?? config.channels;
    specs.set(`block${block}/filter`, { shape: [4, 4, before, width], start: 'normal' });
    specs.set(`block${block}/bias`, { shape: [width], start: 0 });
  });
  const features = widths.at(-1) ?? 1;
  specs.set('logit/weight', { shape: [features, 1], start: 'normal' });
  specs.set('logit/bias', { shape: [1], start: 0 });
  specs.set('projection', { shape: [config.classes, features], start: 'normal' });
  return specs;
}

/** The parameters that are divided by their spectral norm. */
function normedParameters(config: GanConfig): string[] {
  return [...discriminatorSpecs(config).keys()].filter((name) => !name.endsWith('bias'));
}

/** Vectors of the power iteration, one per normed parameter, [1, columns]. */
export function spectralVectorSpecs(config: GanConfig): Map<string, ParameterSpec> {
  const specs = discriminatorSpecs(config);
  return new Map(
    normedParameters(config).map((name) => [
      name,
      { shape: [1, specs.get(name)?.shape.at(-1) ?? 1], start: 'normal' },
    ]),
  );
}

/** The discriminator's weights divided by their spectral norms, for one use of the network. */
export interface NormedWeights {
  readonly weights: ReadonlyMap<string, tf.Tensor>;
  /** The power iteration's next vectors. */
  readonly vectors: ReadonlyMap<string, tf.Tensor>;
}

/** Divides every weight by its spectral norm. */
export function normWeights(
  config: GanConfig,
  parameters: Parameters,
  vectors: Parameters,
): NormedWeights {
  const normed = normedParameters(config).map(
    (name) => [name, spectralNorm(get(parameters, name), get(vectors, name))] as const,
  );
  return {
    weights: new Map(normed.map(([name, { weight }]) => [name, weight])),
    vectors: new Map(normed.map(([name, { vector }]) => [name, vector])),
  };
}

/**
 * The projection discriminator (Miyato & Koyama, 2018): 4x4 stride-2 convolutions with leaky ReLU .2, a sum
 * over positions h, then 8 (w.h + b + <V_y, h>). No image's logit depends on the others in its batch.
 *
 * @param images in [-1, 1], [batch, size, size, channels]
 * @param oneHot the classes, [batch, classes]
 * @returns logits, [batch, 1]: high for images that look real
 */
export function discriminate(
  config: GanConfig,
  parameters: Parameters,
  { weights }: NormedWeights,
  images: tf.Tensor,
  oneHot: tf.Tensor,
): tf.Tensor {
  const weight = (name: string) => {
    const tensor = weights.get(name);
    if (!tensor) throw new Error(`The discriminator has no weight ${name}.`);
    return tensor;
  };
  let x = images;
  config.discriminatorWidths.forEach((_, block) => {
    const filter = weight(`block${block}/filter`) as tf.Tensor4D;
    const map = tf.conv2d(x as tf.Tensor4D, filter, 2, 'same');
    x = tf.leakyRelu(tf.add(map, get(parameters, `block${block}/bias`)), 0.2);
  });
  const features = tf.sum(x, [1, 2]); // [batch, features]
  const logit = tf.add(tf.matMul(features, weight('logit/weight')), get(parameters, 'logit/bias'));
  const projection = tf.matMul(oneHot, weight('projection')); // [batch, features]
  const logits = tf.add(logit, tf.sum(tf.mul(projection, features), 1, true));
  return tf.mul(logits, LOGIT_GAIN);
}
