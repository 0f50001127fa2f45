import { conditionalGenerator } from '../networks/conditional-generator.js';
import { projectionDiscriminator } from '../networks/projection-discriminator.js';
import { adversarialModel } from './adversarial-model.js';
import { convolutionalWidths } from './convolutional-widths.js';
import type { ModelKind } from './model.js';

/**
 * The class-conditional DCGAN for few images: conditional batch norm in the generator, spectral norm and projection in
 * the discriminator, DiffAugment on all that it sees.
 */
export const cdcgan: ModelKind = {
  recipe: {
    batchSize: 32,
    learningRateD: 5e-4,
    learningRateG: 4e-4,
    diffAugment: 'auto',
  },
  config: ({ preset, size, channels, classes, latentDim }) => ({
    model: 'cdcgan',
    size,
    channels,
    classes,
    latentDim,
    embeddingDim: 64,
    ...convolutionalWidths(preset, size),
  }),
  build: (config) =>
    adversarialModel(config, conditionalGenerator(config), projectionDiscriminator(config)),
};
