import * as tf from '@tensorflow/tfjs-core';
import { batchNormLayer, batchNormSpecs } from './batch-norm-layer.js';
import type { GeneratorNetwork } from './network.js';
import { get, type ParameterSpec } from './parameters.js';

/** The shape of a convolutional generator. */
interface Shape {
  readonly channels: number;
  readonly classes: number;
  readonly latentDim: number;
  /** Length of the class embedding; 0 for a generator that knows no classes. */
  readonly embeddingDim: number;
  /** Side length of the maps from which batch norm knows the class; the smaller ones are shared by all classes. */
  readonly conditionalFrom?: number | undefined;
  /** Channels from the smallest map up to the image's size. */
  readonly generatorWidths: readonly number[];
}

/** What generators of this kind differ in. */
interface Style {
  /** Side of the smallest map. */
  readonly side: number;
  /** Side of the filter that makes the image. */
  readonly imageFilter: number;
  /** What follows the batch norm of a block, counted from 0. */
  activate(x: tf.Tensor, block: number): tf.Tensor;
}

const dcgan: Style = { side: 4, imageFilter: 3, activate: (x) => tf.relu(x) };

/**
 * The DCGAN generator (Radford et al., 2016): dense to the smallest map, then 4x4 stride-2 transposed convolutions, each
 * with batch norm and an activation, then a convolution to tanh. With an embedding its batch norms depend on the class.
 */
export function convolutionalGenerator(shape: Shape, style: Style = dcgan): GeneratorNetwork {
  const { generatorWidths: widths, embeddingDim, conditionalFrom = 0 } = shape;
  const normName = (block: number) => `block${block}/norm`;
  return {
    specs: specsOf(shape, style),
    normLayers: new Map(widths.map((width, block) => [normName(block), width])),
    generate(parameters, z, oneHot, statisticsOf) {
      const [batch = 1] = z.shape;
      const embedding =
        embeddingDim > 0 ? tf.matMul(oneHot, get(parameters, 'embedding')) : undefined; // [batch, embeddingDim]
      let x = tf.matMul(z, get(parameters, 'dense'));
      widths.forEach((width, block) => {
        const side = style.side * 2 ** block;
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
        const given = { embedding: side >= conditionalFrom ? embedding : undefined, statistics };
        x = style.activate(batchNormLayer(parameters, layer, x, given), block);
      });
      const filter = get(parameters, 'image/filter') as tf.Tensor as tf.Tensor4D;
      const image = tf.conv2d(x as tf.Tensor4D, filter, 1, 'same');
      return tf.tanh(tf.add(image, get(parameters, 'image/bias')));
    },
  };
}

function specsOf(shape: Shape, { side, imageFilter }: Style) {
  const { generatorWidths: widths, latentDim, embeddingDim, classes, channels } = shape;
  const { conditionalFrom = 0 } = shape;
  const specs = new Map<string, ParameterSpec>();
  // A small start would be multiplied by the small start of every gain and bias of a class.
  if (embeddingDim > 0) {
    specs.set('embedding', {
      shape: [classes, embeddingDim],
      start: 'unit normal',
      rowsAreClasses: true,
    });
  }
  specs.set('dense', { shape: [latentDim, side * side * (widths[0] ?? 1)], start: 'normal' });
  widths.forEach((width, block) => {
    const before = widths[block - 1];
    if (before !== undefined) {
      specs.set(`block${block}/filter`, { shape: [4, 4, width, before], start: 'normal' });
    }
    const isConditional = side * 2 ** block >= conditionalFrom;
    const norm = batchNormSpecs(`block${block}/norm`, width, isConditional ? embeddingDim : 0);
    for (const [name, spec] of norm) specs.set(name, spec);
  });
  const last = widths.at(-1) ?? 1;
  specs.set('image/filter', { shape: [imageFilter, imageFilter, last, channels], start: 'normal' });
  specs.set('image/bias', { shape: [channels], start: 0 });
  return specs;
}
