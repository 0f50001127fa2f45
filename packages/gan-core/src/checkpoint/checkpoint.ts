import { z } from 'zod';
import { modelConfig, type ModelConfig } from '../models/model-config.js';
import { recipe, type Recipe } from '../training/recipe.js';

/** A named array of float32 values. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * A model between two training steps: all that resuming, sampling and scoring need. Whatever is random is drawn by seed
 * and step (`random-stream.ts`), images included, so these two are also the state of the generator and the place in the
 * data.
 */
export interface Checkpoint {
  readonly config: ModelConfig;
  readonly recipe: Recipe;
  /** The classes' names, in the order of their indices. */
  readonly labels: readonly string[];
  /** How often training draws each class: shares that sum to 1. */
  readonly classShares: readonly number[];
  readonly seed: number;
  /** Steps done. */
  readonly step: number;
  /** How often the run went back to an earlier checkpoint; every time halved the learning rates. */
  readonly rollbacks: number;
  /** Steps of the whole run; Infinity while a time budget has not been converted. */
  readonly totalSteps: number;
  /** By group and parameter: `generator/dense`. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** What files are written in; it changes where an older file means something else, random streams included. */
export const CHECKPOINT_VERSION = 4;

/** The part of a checkpoint that its file keeps as JSON. */
export const checkpointMetadata = z.object({
  format: z.literal('evenset.checkpoint'),
  formatVersion: z.literal(CHECKPOINT_VERSION),
  config: modelConfig,
  recipe,
  labels: z.array(z.string()),
  classShares: z.array(z.number().min(0).max(1)),
  seed: z.int(),
  step: z.int(),
  rollbacks: z.int().min(0),
  totalSteps: z.int().nullable(),
});

/** A checkpoint file that is missing, damaged or of another kind. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}
