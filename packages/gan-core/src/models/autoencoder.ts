import { measuredCode } from '../training/measured-code.js';
import { convolutionalPlan } from './convolutional-plan.js';
import type { ModelKind } from './model.js';
import { reconstructionModel, reconstructionRecipe } from './reconstruction-model.js';

/** An autoencoder whose decoder makes images of random codes; it exists to be compared with. */
export const autoencoder: ModelKind = {
  recipe: reconstructionRecipe,
  plan: convolutionalPlan,
  embeddingDim: 0,
  build: (config) => reconstructionModel(config, measuredCode(config)),
};
