import { z } from 'zod';
import { engineNames } from '../engines/engine.js';
import { discriminatorNormNames, modelNames, presetNames } from '../models/model-config.js';
import { lossNames } from './adversarial-losses.js';
import { parseBudget } from './budget.js';

/** What DiffAugment may do. */
export const diffAugmentNames = ['gentle', 'shift', 'strong', 'none'] as const;

/** Widths as text, because commas part the values of an environment variable and of a flag alike. */
const widthsOption = z
  .string()
  .regex(/^[1-9]\d{0,4}(,[1-9]\d{0,4})*$/, 'widths like 128,64,32')
  .transform((text) => text.split(',').map(Number))
  .optional();

/** How the model is trained; auto is what suits the model. */
export const trainingOptions = z.object({
  model: z
    .enum(modelNames)
    .default('cdcgan')
    .describe(
      'What is trained: cdcgan, the class-conditional DCGAN for few images; seed64, the DCGAN that evenset grew out of, for 64 pixels and a GPU; gan, dense networks; autoencoder and vae, which train and sample only. All but cdcgan know no classes: see --per-class.',
    ),
  perClass: z
    .boolean()
    .default(false)
    .describe(
      'Give each class its own copy of the model, trained in turn: the way to images of a class for models that know none.',
    ),
  preset: z
    .enum(['auto', ...presetNames])
    .default('auto')
    .describe(
      'Widths of cdcgan, autoencoder and vae: tiny32 (auto) for CPUs (.13 GFLOP an image), base32 for more time or a GPU (.49), base64 (1.5) and base128 (2.0) for larger images.',
    ),
  generatorWidths: widthsOption.describe(
    "For experts: the generator's channels from the smallest map outwards, like 128,64,32,16 (gan: units of hidden layers), instead of the preset's.",
  ),
  discriminatorWidths: widthsOption.describe(
    "For experts: the discriminator's or encoder's channels from the smallest map outwards, like 128,64,32, instead of the preset's.",
  ),
  conditionalFrom: z
    .int()
    .min(4)
    .default(4)
    .describe(
      "Side length of the maps from which cdcgan's generator has a batch norm of each class, at most that of the images; 4: all. With 16 few images of a class share more with the other classes.",
    ),
  discriminatorNorm: z
    .enum(discriminatorNormNames)
    .default('spectral')
    .describe(
      "For experts: what holds the weights of cdcgan's discriminator small: spectral norm, whose logits are taken times 8; or none, with logits as they are, for R1 and R2 (--gradient-penalty).",
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
  batchSize: z
    .union([z.literal('auto'), z.int().min(2).max(1024)])
    .default('auto')
    .describe('Images per training step; auto: 32.'),
  latentDim: z.int().min(1).max(1024).default(64).describe('Length of the noise vector z.'),
  learningRateG: z
    .union([z.literal('auto'), z.number().positive()])
    .default('auto')
    .describe(
      "Adam's step size for the generator; auto: 4e-4 of cdcgan, 2e-4 of seed64 and gan, 1e-3 of autoencoder and vae.",
    ),
  learningRateD: z
    .union([z.literal('auto'), z.number().positive()])
    .default('auto')
    .describe(
      "Adam's step size for the discriminator; auto: 5e-4 of cdcgan, 5e-5 of seed64, 2e-4 of gan, 1e-3 of autoencoder and vae.",
    ),
  classBalance: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      'How often a class is drawn: in proportion to its number of images to this power. 1: like the set, 0: all classes alike.',
    ),
  emaKimg: z
    .number()
    .min(0)
    .default(10)
    .describe(
      "Half-life of the generator's moving average (EMA), which generates, in thousands of images; early on a twentieth of the images so far. 0: no average.",
    ),
  diffAugment: z
    .enum(['auto', ...diffAugmentNames])
    .default('auto')
    .describe(
      'Differentiable augmentation of what the discriminator sees. gentle (auto for cdcgan): moves images by up to a 16th of their side, and changes the colours of colour images; shift: moves them only, for classes that are told by colour; strong: by an eighth, cuts out half a side and changes colours.',
    ),
  inputNoise: z
    .union([z.literal('auto'), z.number().min(0)])
    .default('auto')
    .describe(
      'Standard deviation of Gaussian noise on what the discriminator sees, pixels being -1 to 1, to keep it from fine detail that gives real images away; auto: .1 for seed64, else 0.',
    ),
  loss: z
    .enum(['auto', ...lossNames])
    .default('auto')
    .describe(
      'What discriminator and generator minimise; auto: minimax for gan, else non-saturating. relativistic is meant with --gradient-penalty.',
    ),
  labelSmoothing: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe(
      'What the label of real images is short of 1, so that the discriminator is never quite sure (0: off; the logistic losses only).',
    ),
  lecam: z
    .union([z.literal('auto'), z.number().min(0)])
    .default('auto')
    .describe(
      "Weight of LeCam, which holds the discriminator's logits near their running means, for few images; auto: 0.",
    ),
  gradientPenalty: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Gamma of R1 and R2, which keep the discriminator flat at real and generated images; each step takes longer, for the gradient of a gradient (0: off).',
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
