import { z } from 'zod';
import { engineNames } from '../engines/engine.js';
import { presetNames } from '../networks/presets.js';
import { parseBudget } from './budget.js';

/** How the model is trained. */
export const trainingOptions = z.object({
  preset: z
    .enum(presetNames)
    .default('tiny32')
    .describe(
      'Network widths: tiny32 for CPUs (.13 GFLOP an image), base32 for more time or a GPU (.49).',
    ),
  budget: z
    .string()
    .default('10m')
    .refine(isBudget, { message: 'a budget like 90s, 10m, 2h, 300kimg or 50epochs' })
    .describe('How long to train: 90s, 10m, 2h, 300kimg (thousands of images) or 50epochs.'),
  seed: z.int().default(0).describe('Where everything random starts: splits, weights, noise.'),
  engine: z
    .enum(['auto', ...engineNames])
    .default('auto')
    .describe(
      'What computes; auto takes a GPU that TensorFlow.js really uses, else the embedded engine.',
    ),
  threads: z
    .int()
    .min(1)
    .optional()
    .describe('CPU threads of the embedded engine (default: all cores).'),
  batchSize: z.int().min(2).max(1024).default(32).describe('Images per training step.'),
  latentDim: z.int().min(1).max(1024).default(64).describe('Length of the noise vector z.'),
  learningRateG: z
    .number()
    .positive()
    .default(4e-4)
    .describe("Adam's step size for the generator."),
  learningRateD: z
    .number()
    .positive()
    .default(5e-4)
    .describe("Adam's step size for the discriminator."),
  diffAugment: z
    .enum(['auto', 'geometry', 'none'])
    .default('auto')
    .describe(
      'Differentiable augmentation of what the discriminator sees: translation and cutout, with auto also colour for colour images.',
    ),
});
export type TrainingOptions = z.infer<typeof trainingOptions>;

function isBudget(text: string): boolean {
  try {
    parseBudget(text);
    return true;
  } catch {
    return false;
  }
}
