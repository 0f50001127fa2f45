import { z } from 'zod';
import { modelKinds } from '../models/model-kinds.js';
import { lossNames } from './adversarial-losses.js';
import { diffAugmentNames, type TrainingOptions } from './training-options.js';

/** How a model is trained, nothing left open; saved with every checkpoint. */
export const recipe = z
  .object({
    /** Images per step. */
    batchSize: z.int(),
    learningRateD: z.number(),
    learningRateG: z.number(),
    /** A class of n images is drawn with probability proportional to n to this power. */
    classBalance: z.number(),
    /** Half-life of the generator's moving average in thousands of images. */
    emaKimg: z.number(),
    diffAugment: z.enum(diffAugmentNames),
    /** Standard deviation of Gaussian noise on what the discriminator sees. */
    inputNoise: z.number(),
    loss: z.enum(lossNames),
    /** What the label of real images is short of 1. */
    labelSmoothing: z.number(),
    /** Weight of LeCam. */
    lecam: z.number(),
    /** Gamma of R1 and R2. */
    gradientPenalty: z.number(),
  })
  .readonly();
export type Recipe = z.infer<typeof recipe>;

/** What models take of which they say nothing. */
const usual = { inputNoise: 0, loss: 'non-saturating', lecam: 0 } as const;

/** What a kind of model takes where an option says auto. */
export type OwnRecipe = Pick<
  Recipe,
  'batchSize' | 'learningRateD' | 'learningRateG' | 'diffAugment'
> &
  Partial<Pick<Recipe, keyof typeof usual>>;

/** The recipe that options ask for: where they say auto, what suits the model. */
export function resolveRecipe(options: TrainingOptions): Recipe {
  const own = { ...usual, ...modelKinds[options.model].recipe };
  const or = <Value>(value: Value | 'auto', instead: Value) => (value === 'auto' ? instead : value);
  return {
    batchSize: or(options.batchSize, own.batchSize),
    learningRateD: or(options.learningRateD, own.learningRateD),
    learningRateG: or(options.learningRateG, own.learningRateG),
    classBalance: options.classBalance,
    emaKimg: options.emaKimg,
    diffAugment: or(options.diffAugment, own.diffAugment),
    inputNoise: or(options.inputNoise, own.inputNoise),
    loss: or(options.loss, own.loss),
    labelSmoothing: options.labelSmoothing,
    lecam: or(options.lecam, own.lecam),
    gradientPenalty: options.gradientPenalty,
  };
}
