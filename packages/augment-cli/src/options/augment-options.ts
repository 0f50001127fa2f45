import { exportFormats } from '@evenset/dataset-io';
import { trainingOptions } from '@evenset/gan-core';
import { extractorOptions, selectionOptions } from '@evenset/quality-eval';
import { z } from 'zod';
import { consoleOptions } from './console-options.js';
import type { Sized } from './decide-size.js';
import { inputOptions } from './input-options.js';
import { planOptions } from './plan-options.js';

/** What decides how a run's model is trained and where it is written. */
export const trainOptions = z.object({
  ...inputOptions.shape,
  out: z
    .string()
    .optional()
    .describe("Output folder, new or empty (default: augmented in the manifest's folder)."),
  init: z
    .string()
    .optional()
    .describe(
      'Checkpoint of another run to take the first weights from (its checkpoints/model.safetensors); classes may differ, all else of the networks may not.',
    ),
  tensorboard: z
    .string()
    .optional()
    .describe(
      "Also write losses, measures and sample sheets as TensorBoard events, into a folder of the output folder's name in this one.",
    ),
  ...trainingOptions.shape,
  ...extractorOptions.shape,
  ...consoleOptions.shape,
});
export type TrainOptions = Sized<z.infer<typeof trainOptions>>;

/** Everything that `augment` accepts. */
export const augmentOptions = z.object({
  ...planOptions.shape,
  ...trainOptions.omit({ json: true, quiet: true, verbose: true }).shape,
  ...selectionOptions.shape,
  outputSize: z
    .union([z.literal('auto'), z.int().min(1).max(4096)])
    .default('auto')
    .describe(
      'Side length of the generated files in pixels; auto: that of the real images where all are equal squares, else the model size.',
    ),
  export: z
    .enum(exportFormats)
    .optional()
    .describe(
      'Also write <split>/<class>/ folders of real and generated images, as ImageFolder and Keras read them.',
    ),
  dryRun: z
    .boolean()
    .default(false)
    .describe('Print the plan and the estimated time, write nothing.'),
  ...consoleOptions.shape,
});
export type AugmentOptions = Sized<z.infer<typeof augmentOptions>>;
