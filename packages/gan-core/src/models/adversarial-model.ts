import type { DiscriminatorNetwork, GeneratorNetwork } from '../networks/network.js';
import { anchorSpecs } from '../training/lecam.js';
import { adversarialStep } from '../training/adversarial-step.js';
import type { Model } from './model.js';
import type { ModelConfig } from './model-config.js';

/** A generator and a discriminator that are trained against each other. */
export function adversarialModel(
  config: ModelConfig,
  generator: GeneratorNetwork,
  discriminator: DiscriminatorNetwork,
): Model {
  return {
    generator,
    discriminator,
    trained: { generator: generator.specs, discriminator: discriminator.specs },
    buffers: new Map([...discriminator.bufferSpecs, ...anchorSpecs]),
    trainingStep: (state, recipe) =>
      adversarialStep({ config, generator, discriminator, state, recipe }),
  };
}
