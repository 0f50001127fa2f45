import * as tf from '@tensorflow/tfjs-core';
import { conditionalBatchNorm, conditionalBatchNormSpecs } from './conditional-batch-norm.js';
import type { GeneratorNetwork } from './network.js';
import { get, type ParameterSpec } from './parameters.js';

/** The shape of the class-conditional generator. */
interface Shape {
  readonly channels: number;
  readonly classes: number;
  readonly latentDim: number;
  readonly embeddingDim: number;
  /** Channels at 4x4, 8x8, ... up to the image's size. */
  readonly generatorWidths: readonly number[];
}

/**
 * The class-conditional generator: dense to 4x4, then 4x4 stride-2 transposed convolutions with conditional batch norm
 * and ReLU, then 3x3 to tanh.
 */
export function conditionalGenerator(shape: Shape): GeneratorNetwork {
  const { generatorWidths: widths } = shape;
  const normName = (block: number) => `block${block}/norm`;
  return {
    specs: specsOf(shape),
    normLayers: new Map(widths.map((width, block) => [normName(block), width])),
    generate(parameters, z, oneHot, statisticsOf) {
      const [batch = 1] = z.shape;
      const embedding = tf.matMul(oneHot, get(parameters, 'embedding')); // [batch, embeddingDim]
      let x = tf.matMul(z, get(parameters, 'dense'));
      widths.forEach((width, block) => {
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
        const layer = normName(block);
        const statistics = statisticsOf?.(layer, x);
        x = tf.relu(conditionalBatchNorm(parameters, layer, x, embedding, statistics));
      });
      const filter = get(parameters, 'image/filter') as tf.Tensor as tf.Tensor4D;
      const image = tf.conv2d(x as tf.Tensor4D, filter, 1, 'same');
      return tf.tanh(tf.add(image, get(parameters, 'image/bias')));
    },
  };
}

function specsOf({ generatorWidths: widths, latentDim, embeddingDim, classes, channels }: Shape) {
  const specs = new Map<string, ParameterSpec>([
    // A small start would be multiplied by the small start of every gain and bias of a class.
    ['embedding', { shape: [classes, embeddingDim], start: 'unit normal', rowsAreClasses: true }],
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
