import * as tf from '@tensorflow/tfjs-core';
import { batchNormDiscriminator } from '../networks/batch-norm-discriminator.js';
import { convolutionalGenerator } from '../networks/convolutional-generator.js';
import { adversarialModel } from './adversarial-model.js';
import type { ModelKind, NetworkPlan } from './model.js';

/** Channels at the image's size; they double with every halving of the side, up to a bound. */
const BASE_WIDTH = 128;
const MAX_WIDTH = 1024;
/** Side of the smallest map. */
const SMALLEST_SIDE = 8;

/** 1024, 512, 256, 128 for images of 64 pixels. */
const plan: NetworkPlan = {
  hasPresets: false,
  hasFreeDepth: false,
  size: () => 64,
  widths(size) {
    const halvings = Math.log2(size / SMALLEST_SIDE);
    if (!Number.isInteger(halvings) || halvings < 0) {
      throw new RangeError(`Expected an image size of 8, 16, 32, 64 or 128 but received ${size}.`);
    }
    const widths = Array.from({ length: halvings + 1 }, (_, i) =>
      Math.min(MAX_WIDTH, BASE_WIDTH * 2 ** (halvings - i)),
    );
    return { generatorWidths: widths, discriminatorWidths: widths };
  },
};

/** The DCGAN that evenset grew out of, layer by layer, with its own step sizes and noise on what the discriminator sees. */
export const seed64: ModelKind = {
  recipe: {
    batchSize: 32,
    learningRateD: 5e-5,
    learningRateG: 2e-4,
    diffAugment: 'none',
    inputNoise: 0.1,
  },
  plan,
  embeddingDim: 0,
  build: (config) =>
    adversarialModel(
      config,
      convolutionalGenerator(config, {
        side: SMALLEST_SIDE,
        imageFilter: 4,
        activate: (x, block) => (block === 0 ? tf.relu(x) : tf.leakyRelu(x, 0.2)),
      }),
      batchNormDiscriminator(config),
    ),
};
