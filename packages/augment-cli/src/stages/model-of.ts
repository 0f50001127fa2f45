import { configureModel, type ModelConfig, type TrainingOptions } from '@evenset/gan-core';
import type { AugmentOptions } from '../options/augment-options.js';
import type { Input } from './read-input.js';

/** What the generator makes, and in which size its images are written. */
export interface Model {
  readonly classes: readonly string[];
  readonly size: number;
  readonly channels: 1 | 3;
  /** Side length of the written files in pixels. */
  readonly outputSize: number;
}

/** The model's shape for an input: files get the real images' own size where they share a square one. */
export function modelOf({ outputSize }: Pick<AugmentOptions, 'outputSize'>, input: Input): Model {
  const { size, channels, nativeSize } = input.pixels;
  const native = nativeSize && nativeSize.width === nativeSize.height ? nativeSize.width : size;
  return {
    classes: input.manifest.classes,
    size,
    channels,
    outputSize: outputSize === 'auto' ? native : outputSize,
  };
}

/** The networks that make a model's images. */
export function configOf(
  options: TrainingOptions,
  { classes, size, channels }: Omit<Model, 'outputSize'>,
): ModelConfig {
  return configureModel(options.model, { ...options, size, channels, classes: classes.length });
}
