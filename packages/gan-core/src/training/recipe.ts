import { z } from 'zod';
import { modelKinds } from '../models/model-kinds.js';
import { diffAugmentNames, type TrainingOptions } from './training-options.js';

/** How a model is trained, nothing left open; saved with every checkpoint. */
export const recipe = z
  .object({
    /** Images per step. */
    batchSize: z.int(),
    learningRateD: z.number(),
    learningRateG: z.number(),
    diffAugment: z.enum(diffAugmentNames),
  })
  .readonly();
export type Recipe = z.infer<typeof recipe>;

/** The recipe that options ask for: where they say auto, what suits the model. */
export function resolveRecipe(options: TrainingOptions): Recipe {
  const own = modelKinds[options.model].recipe;
  const or = <Value>(value: Value | 'auto', instead: Value) => (value === 'auto' ? instead : value);
  return {
    batchSize: or(options.batchSize, own.batchSize),
    learningRateD: or(options.learningRateD, own.learningRateD),
    learningRateG: or(options.learningRateG, own.learningRateG),
    diffAugment: or(options.diffAugment, own.diffAugment),
  };
}
