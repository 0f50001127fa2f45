import * as tf from '@tensorflow/tfjs-core';
import { leakyRelu } from './leaky-relu.js';
import type { DiscriminatorNetwork, DiscriminatorVariables } from './network.js';
import { get, type ParameterSpec } from './parameters.js';
import { spectralNorm, type SpectralNorm } from './spectral-norm.js';

/**
 * What logits are multiplied by with spectral norm. Spectral norm bounds them so tightly that the logistic loss would be nearly linear:
 * real and generated images ended at the same logit, and classes collapsed (docs/training.md).
 */
const LOGIT_GAIN = 8;

/** The shape of the projection discriminator. */
interface Shape {
  readonly channels: number;
  readonly classes: number;
  /** Channels at 4x4, 8x8, ... up to half the image's size. */
  readonly discriminatorWidths: readonly number[];
  /** Without spectral norm nothing bounds the logits, and they are taken as they are. */
  readonly discriminatorNorm?: 'spectral' | 'none' | undefined;
}

/**
 * The projection discriminator (Miyato & Koyama, 2018), with spectral norm unless it is left out: 4x4 stride-2 convolutions with leaky ReLU .2,
 * a sum over positions h, then 8 (w.h + b + <V_y, h>). No image's logit depends on the others in its batch.
 */
export function projectionDiscriminator(shape: Shape): DiscriminatorNetwork {
  const specs = specsOf(shape);
  const isNormed = shape.discriminatorNorm !== 'none';
  const normed = isNormed ? [...specs.keys()].filter((name) => !name.endsWith('bias')) : [];

  const norm = ({ weights, buffers }: DiscriminatorVariables, name: string): SpectralNorm =>
    spectralNorm(get(weights, name), get(buffers, name));

  function judge(variables: DiscriminatorVariables, images: tf.Tensor, oneHot: tf.Tensor) {
    const weight = (name: string) =>
      isNormed ? norm(variables, name).weight : get(variables.weights, name);
    const bias = (name: string) => get(variables.weights, `${name}/bias`);
    let x = images;
    shape.discriminatorWidths.forEach((_, block) => {
      const name = `block${block}`;
      const map = tf.conv2d(x as tf.Tensor4D, weight(`${name}/filter`) as tf.Tensor4D, 2, 'same');
      x = leakyRelu(tf.add(map, bias(name)));
    });
    const features = tf.sum(x, [1, 2]); // [batch, features]
    const logit = tf.add(tf.matMul(features, weight('logit/weight')), bias('logit'));
    const projection = tf.matMul(oneHot, weight('projection')); // [batch, features]
    const logits = tf.add(logit, tf.sum(tf.mul(projection, features), 1, true));
    return isNormed ? tf.mul(logits, LOGIT_GAIN) : logits;
  }

  return {
    specs,
    // Vectors of the power iteration, one per normed weight, [1, columns].
    bufferSpecs: new Map(
      normed.map((name) => [
        name,
        { shape: [1, specs.get(name)?.shape.at(-1) ?? 1], start: 'normal' },
      ]),
    ),
    usesBatchStatistics: false,
    judge,
    score: judge,
    nextBuffers: (variables) => new Map(normed.map((name) => [name, norm(variables, name).vector])),
  };
}

function specsOf({ channels, classes, discriminatorWidths, discriminatorNorm }: Shape) {
  // Spectral norm makes any scale the same; without it, N(0, .02) would let the signal fade.
  const start = discriminatorNorm === 'none' ? 'scaled' : 'normal';
  const widths = discriminatorWidths.toReversed();
  const specs = new Map<string, ParameterSpec>();
  widths.forEach((width, block) => {
    const before = widths[block - 1] ?? channels;
    specs.set(`block${block}/filter`, { shape: [4, 4, before, width], start });
    specs.set(`block${block}/bias`, { shape: [width], start: 0 });
  });
  const features = widths.at(-1) ?? 1;
  specs.set('logit/weight', { shape: [features, 1], start: 'normal' });
  specs.set('logit/bias', { shape: [1], start: 0 });
  specs.set('projection', {
    shape: [classes, features],
    start: 'normal',
    rowsAreClasses: true,
  });
  return specs;
}
