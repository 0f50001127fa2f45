import {
  assertTrainable,
  configureModel,
  hasDiscriminator,
  hasPresets,
  knowsClasses,
  resolveRecipe,
  trainingOptions,
  unusedOptions,
  type ModelConfig,
  type TrainingOptions,
} from '@evenset/gan-core';
import type { CommandContext } from '../command.js';
import { UsageError } from '../errors.js';
import { assertUnset } from '../options/assert-unset.js';

type ModelOptions = TrainingOptions & { readonly size: number };
type ModelName = ModelOptions['model'];
type Flags = Pick<CommandContext, 'flags'>;

/**
 * Refuses options that no model can be made of or trained by, or that its training does not use, before any image is
 * read.
 *
 * @throws UsageError naming the flag
 */
export function assertModelExists(
  options: ModelOptions,
  classes: readonly string[],
  { flags }: Flags,
): ModelConfig {
  const config = trainableModel(options, classes);
  const where = `with --model ${options.model}`;
  assertUnset(trainingOptions, unusedOptions(config), options, where, flags);
  return config;
}

/**
 * The same of models that share their options: each has to be of use to one model at least.
 *
 * @throws UsageError naming the flag
 */
export function assertModelsExist(
  options: Omit<ModelOptions, 'model'>,
  models: readonly ModelName[],
  classes: readonly string[],
  { flags }: Flags,
): void {
  const [first = [], ...others] = models.map((model) =>
    unusedOptions(trainableModel(sharedOptions(options, model, models), classes)),
  );
  const unused = first.filter((key) => others.every((keys) => keys.includes(key)));
  assertUnset(trainingOptions, unused, options, `with --models ${models.join(',')}`, flags);
}

/** What one of several models takes of the options that they share: a preset is for those that have any. */
export function sharedOptions<T extends Omit<ModelOptions, 'model'>, M extends ModelName>(
  options: T,
  model: M,
  models: readonly ModelName[],
): T & { model: M } {
  const isOthers = !hasPresets(model) && models.some(hasPresets);
  return { ...options, model, ...(isOthers && { preset: 'auto' }) };
}

/**
 * Refuses a model that cannot fill up classes: one that cannot score its images, or knows no classes where there are
 * several.
 *
 * @throws UsageError naming the flag
 */
export function assertModelFits(
  options: ModelOptions,
  classes: readonly string[],
  given: Flags,
): void {
  const config = assertModelExists(options, classes, given);
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

/** The config that options come to, where a model can be made of it and trained by them. */
function trainableModel(options: ModelOptions, classes: readonly string[]): ModelConfig {
  try {
    // Its channels are not known yet and change nothing here.
    const config = configureModel(options.model, {
      ...options,
      channels: 3,
      classes: Math.max(1, classes.length),
    });
    assertTrainable(config, resolveRecipe(options));
    return config;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
