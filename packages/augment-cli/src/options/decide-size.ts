import { decodeOptions, type DecodeOptions } from '@evenset/dataset-io';
import { imageSizeOf, type TrainingOptions } from '@evenset/gan-core';
import { z } from 'zod';

/** The model's side length as an option: a number, or what suits the model. */
export const sizeOption = z
  .union([z.literal('auto'), decodeOptions.shape.size.unwrap()])
  .default('auto')
  .describe(
    'Side length of the model in pixels; auto: 64 for seed64 and the preset base64, 128 for base128, else 32.',
  );

/** Options whose size is a number. */
export type Sized<Options> = Omit<Options, 'size'> & Readonly<Pick<DecodeOptions, 'size'>>;

/** Replaces the size auto by the one that the model is meant for. */
export function decideSize<
  Options extends Pick<TrainingOptions, 'model' | 'preset'> & {
    readonly size: DecodeOptions['size'] | 'auto';
  },
>(options: Options): Readonly<Sized<Options>> {
  const { size, model, preset } = options;
  const decided =
    size === 'auto' ? decodeOptions.shape.size.parse(imageSizeOf(model, preset)) : size;
  return Object.freeze({ ...options, size: decided });
}
