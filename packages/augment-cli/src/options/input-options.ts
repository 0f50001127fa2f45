import { decodeOptions } from '@evenset/dataset-io';
import { z } from 'zod';
import { sizeOption, type Sized } from './decide-size.js';

/** Which images are read and how. */
export const inputOptions = z.object({
  manifest: z
    .string()
    .describe(
      'Arrow manifest (file or stream format) with a path or image column and a label column.',
    ),
  ...decodeOptions.shape,
  size: sizeOption,
  allowOutside: z
    .boolean()
    .default(false)
    .describe("Accept image paths that lead out of the manifest's folder."),
  cacheDir: z
    .string()
    .optional()
    .describe(
      'Folder where decoded pixels and features of an extractor of your own are kept (default: evenset in the user cache folder).',
    ),
});
export type InputOptions = Sized<z.infer<typeof inputOptions>>;

/** The same where no model asks for a size. */
export const measuredImageOptions = inputOptions.extend({ size: decodeOptions.shape.size });
