import { variationalCode } from '../training/variational-code.js';
import { convolutionalPlan } from './convolutional-plan.js';
import type { ModelKind } from './model.js';
import { reconstructionModel, reconstructionRecipe } from './reconstruction-model.js';

/** The variational autoencoder (Kingma & Welling, 2014); it exists to be compared with. */
export const vae: ModelKind = {
  recipe: reconstructionRecipe,
  plan: convolutionalPlan,
  embeddingDim: 0,
  build: (config) => reconstructionModel(config, variationalCode(config)),
};
