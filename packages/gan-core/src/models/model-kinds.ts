import { autoencoder } from './autoencoder.js';
import { cdcgan } from './cdcgan.js';
import { gan } from './gan.js';
import type { Model, ModelKind } from './model.js';
import type { ModelConfig, ModelName } from './model-config.js';
import { seed64 } from './seed64.js';
import { vae } from './vae.js';

/** Every kind of model by name. */
export const modelKinds: Readonly<Record<ModelName, ModelKind>> = {
  cdcgan,
  seed64,
  gan,
  autoencoder,
  vae,
};

/** The model that a config defines; of one class where each has its own copy. */
export function modelOf(config: ModelConfig): Model {
  return modelKinds[config.model].build(copyConfig(config));
}

/** The config of one copy of a model: it sees all classes, or one. */
export function copyConfig(config: ModelConfig): ModelConfig {
  return config.perClass ? { ...config, classes: 1 } : config;
}

/** Whether a model has sizes to choose from by name. */
export function hasPresets(name: ModelName): boolean {
  return modelKinds[name].plan.hasPresets;
}

/** Whether a model makes images of the class that is asked for. */
export function knowsClasses({ embeddingDim, perClass, classes }: ModelConfig): boolean {
  return embeddingDim > 0 || perClass || classes === 1;
}

/** Whether a model can tell how real an image looks. */
export function hasDiscriminator(config: ModelConfig): boolean {
  return modelOf(config).discriminator !== undefined;
}
