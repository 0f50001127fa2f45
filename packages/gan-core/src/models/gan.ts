import { denseDiscriminator } from '../networks/dense-discriminator.js';
import { denseGenerator } from '../networks/dense-generator.js';
import { adversarialModel } from './adversarial-model.js';
import type { ModelKind } from './model.js';

/** The two-player minimax game on dense networks (Goodfellow et al., 2014). */
export const gan: ModelKind = {
  recipe: {
    batchSize: 32,
    learningRateD: 2e-4,
    learningRateG: 2e-4,
    diffAugment: 'none',
    loss: 'minimax',
  },
  plan: {
    hasPresets: false,
    hasFreeDepth: true,
    size: () => 32,
    widths: () => ({ generatorWidths: [256, 512], discriminatorWidths: [256, 512] }),
  },
  embeddingDim: 0,
  build: (config) => adversarialModel(config, denseGenerator(config), denseDiscriminator(config)),
};
