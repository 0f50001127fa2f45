import { convolutionalGenerator } from '../networks/convolutional-generator.js';
import { projectionDiscriminator } from '../networks/projection-discriminator.js';
import { adversarialModel } from './adversarial-model.js';
import { convolutionalPlan } from './convolutional-plan.js';
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
    diffAugment: 'gentle',
  },
  plan: convolutionalPlan,
  embeddingDim: 64,
  build: (config) =>
    adversarialModel(config, convolutionalGenerator(config), projectionDiscriminator(config)),
};
