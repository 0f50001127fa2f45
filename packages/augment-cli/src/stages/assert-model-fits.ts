import {
  configureModel,
  hasDiscriminator,
  knowsClasses,
  type ModelConfig,
  type TrainingOptions,
} from '@evenset/gan-core';
import { UsageError } from '../errors.js';

type ModelOptions = TrainingOptions & { readonly size: number };

/**
 * Refuses what no model can be made of, before any image is read.
 *
 * @throws UsageError naming the flag
 */
export function assertModelExists(options: ModelOptions, classes: readonly string[]): ModelConfig {
  try {
    // Its channels are not known yet and change nothing here.
    return configureModel(options.model, {
      ...options,
      channels: 3,
      classes: Math.max(1, classes.length),
    });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * Refuses a model that cannot fill up classes: one that cannot score its images, or knows no classes where there are
 * several.
 *
 * @throws UsageError naming the flag
 */
export function assertModelFits(options: ModelOptions, classes: readonly string[]): void {
  const config = assertModelExists(options, classes);
  const { model } = options;
  if (!hasDiscriminator(config)) {
    throw new UsageError(
      `Expected a --model that can score its images but received ${model}, which has no discriminator; augment train and augment sample work with it.`,
    );
  }
  if (!knowsClasses(config)) {
    throw new UsageError(
      `Expected --per-class with --model ${model}, because it knows no classes and the manifest has ${classes.length}: each then has its own copy. Without, augment train and augment sample make images of no class.`,
    );
  }
}
