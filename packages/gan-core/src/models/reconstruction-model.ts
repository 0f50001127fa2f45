import { convolutionalEncoder } from '../networks/convolutional-encoder.js';
import { convolutionalGenerator } from '../networks/convolutional-generator.js';
import type { Code } from '../training/code.js';
import type { OwnRecipe } from '../training/recipe.js';
import { reconstructionStep } from '../training/reconstruction-step.js';
import type { Model } from './model.js';
import type { ModelConfig } from './model-config.js';

/** An encoder and, as its decoder, the DCGAN generator, which give images back over a code. */
export function reconstructionModel(config: ModelConfig, code: Code): Model {
  const encoder = convolutionalEncoder(config, code.encodedLength);
  const generator = convolutionalGenerator(config);
  return {
    generator,
    trained: { generator: generator.specs, encoder: encoder.specs },
    buffers: code.bufferSpecs,
    ...(code.latent && { latent: code.latent }),
    trainingStep: (state, recipe) =>
      reconstructionStep({ config, encoder, generator, code, state, recipe }),
  };
}

/** How such a model is trained: the encoder with the discriminator's step size, both at Adam's usual one. */
export const reconstructionRecipe: OwnRecipe = {
  batchSize: 32,
  learningRateD: 1e-3,
  learningRateG: 1e-3,
  diffAugment: 'none',
};
