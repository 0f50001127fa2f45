import type { ModelConfig } from '../models/model-config.js';
import { modelOf } from '../models/model-kinds.js';
import { assertRecipe } from './assert-recipe.js';
import type { Recipe } from './recipe.js';

/**
 * Refuses a recipe that a model cannot be trained by; makes no variables.
 *
 * @throws RangeError naming the flag
 */
export function assertTrainable(config: ModelConfig, recipe: Recipe): void {
  const { discriminator } = modelOf(config);
  if (discriminator) assertRecipe(recipe, config, discriminator);
}
