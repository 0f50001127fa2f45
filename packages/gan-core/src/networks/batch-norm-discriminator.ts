import * as tf from '@tensorflow/tfjs-core';
import { batchNormLayer, batchNormSpecs } from './batch-norm-layer.js';
import { batchStatistics, type ChannelStatistics } from './batch-norm.js';
import type { DiscriminatorNetwork } from './network.js';
import { get, type Parameters, type ParameterSpec } from './parameters.js';

/** How much of the statistics' moving averages a step keeps. */
const MOMENTUM = 0.9;

/** The shape of the discriminator. */
interface Shape {
  readonly size: number;
  readonly channels: number;
  /** Channels from the smallest map up to the image's size. */
  readonly discriminatorWidths: readonly number[];
}

/**
 * The discriminator that evenset's origin had: 5x5 convolutions, the first of stride 1 and the others of stride 2, each
 * with batch norm and leaky ReLU .2, then dense to one logit; unlike the DCGAN paper's (Radford et al., 2016) with batch
 * norm on the first layer too. It knows no classes. While it trains, logits depend on the batch; scores are taken with
 * moving averages of the real batches' statistics, so that none depends on other images. A bias before a batch norm
 * would change nothing and is left out.
 */
export function batchNormDiscriminator(shape: Shape): DiscriminatorNetwork {
  const widths = shape.discriminatorWidths.toReversed();

  function logits(
    weights: Parameters,
    images: tf.Tensor,
    statisticsOf: (layer: string, x: tf.Tensor) => ChannelStatistics | undefined,
  ): tf.Tensor {
    let x = images;
    widths.forEach((_, block) => {
      const filter = get(weights, `block${block}/filter`) as tf.Tensor as tf.Tensor4D;
      x = tf.conv2d(x as tf.Tensor4D, filter, block === 0 ? 1 : 2, 'same');
      const layer = `block${block}/norm`;
      const statistics = statisticsOf(layer, x);
      x = tf.leakyRelu(batchNormLayer(weights, layer, x, { statistics }), 0.2);
    });
    const [batch = 1] = x.shape;
    const features = tf.reshape(x, [batch, -1]);
    return tf.add(tf.matMul(features, get(weights, 'logit/weight')), get(weights, 'logit/bias'));
  }

  return {
    specs: specsOf(shape, widths),
    bufferSpecs: new Map(
      widths.flatMap((width, block): [string, ParameterSpec][] => [
        [`block${block}/norm/mean`, { shape: [width], start: 0 }],
        [`block${block}/norm/variance`, { shape: [width], start: 1 }],
      ]),
    ),
    usesBatchStatistics: true,
    judge: ({ weights }, images) => logits(weights, images, () => undefined),
    score: ({ weights, buffers }, images) =>
      logits(weights, images, (layer) => ({
        mean: get(buffers, `${layer}/mean`),
        variance: get(buffers, `${layer}/variance`),
      })),
    nextBuffers({ weights, buffers }, images) {
      const next = new Map<string, tf.Tensor>();
      logits(weights, images, (layer, x) => {
        const { mean, variance } = batchStatistics(x);
        for (const [name, value] of [
          [`${layer}/mean`, mean],
          [`${layer}/variance`, variance],
        ] as const) {
          const change = tf.sub(get(buffers, name), value);
          next.set(name, tf.add(value, tf.mul(MOMENTUM, change)));
        }
        return undefined;
      });
      return next;
    },
  };
}

function specsOf({ size, channels }: Shape, widths: readonly number[]) {
  const specs = new Map<string, ParameterSpec>();
  widths.forEach((width, block) => {
    const before = widths[block - 1] ?? channels;
    specs.set(`block${block}/filter`, { shape: [5, 5, before, width], start: 'normal' });
    for (const [name, spec] of batchNormSpecs(`block${block}/norm`, width)) specs.set(name, spec);
  });
  const side = size / 2 ** (widths.length - 1);
  const features = side * side * (widths.at(-1) ?? 1);
  specs.set('logit/weight', { shape: [features, 1], start: 'normal' });
  specs.set('logit/bias', { shape: [1], start: 0 });
  return specs;
}
