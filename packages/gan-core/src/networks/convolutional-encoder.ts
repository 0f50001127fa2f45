import * as tf from '@tensorflow/tfjs-core';
import { batchNormLayer, batchNormSpecs } from './batch-norm-layer.js';
import type { EncoderNetwork } from './network.js';
import { get, type ParameterSpec } from './parameters.js';

/** The shape of the encoder. */
interface Shape {
  readonly size: number;
  readonly channels: number;
  /** Channels from the smallest map up to half the image's size. */
  readonly discriminatorWidths: readonly number[];
}

/**
 * An encoder of the DCGAN discriminator's kind (Radford et al., 2016): 4x4 stride-2 convolutions, each with batch norm
 * (a bias on the first instead) and leaky ReLU .2, then dense.
 *
 * @param outputs numbers that an image is encoded as
 */
export function convolutionalEncoder(shape: Shape, outputs: number): EncoderNetwork {
  const widths = shape.discriminatorWidths.toReversed();
  return {
    specs: specsOf(shape, widths, outputs),
    encode(parameters, images) {
      let x = images;
      widths.forEach((_, block) => {
        const filter = get(parameters, `block${block}/filter`) as tf.Tensor as tf.Tensor4D;
        const map = tf.conv2d(x as tf.Tensor4D, filter, 2, 'same');
        x = tf.leakyRelu(
          block === 0
            ? tf.add(map, get(parameters, 'block0/bias'))
            : batchNormLayer(parameters, `block${block}/norm`, map),
          0.2,
        );
      });
      const [batch = 1] = x.shape;
      const features = tf.reshape(x, [batch, -1]);
      return tf.add(
        tf.matMul(features, get(parameters, 'code/weight')),
        get(parameters, 'code/bias'),
      );
    },
  };
}

function specsOf({ size, channels }: Shape, widths: readonly number[], outputs: number) {
  const specs = new Map<string, ParameterSpec>();
  widths.forEach((width, block) => {
    const before = widths[block - 1] ?? channels;
    specs.set(`block${block}/filter`, { shape: [4, 4, before, width], start: 'normal' });
    if (block === 0) specs.set('block0/bias', { shape: [width], start: 0 });
    else
      for (const [name, spec] of batchNormSpecs(`block${block}/norm`, width)) specs.set(name, spec);
  });
  const side = size / 2 ** widths.length;
  const features = side * side * (widths.at(-1) ?? 1);
  specs.set('code/weight', { shape: [features, outputs], start: 'normal' });
  specs.set('code/bias', { shape: [outputs], start: 0 });
  return specs;
}
