import { cdcgan } from './cdcgan.js';
import type { Model, ModelKind } from './model.js';
import type { ModelConfig, ModelName, ModelShape } from './model-config.js';

/** Every kind of model by name. */
export const modelKinds: Readonly<Record<ModelName, ModelKind>> = { cdcgan };

/**
 * The config of a model for images of some kind.
 *
 * @throws RangeError when the model cannot be made for the size
 */
export function configureModel(name: ModelName, shape: ModelShape): ModelConfig {
  return modelKinds[name].config(shape);
}

/** The model that a config defines. */
export function modelOf(config: ModelConfig): Model {
  return modelKinds[config.model].build(config);
}
