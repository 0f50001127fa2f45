import type * as tf from '@tensorflow/tfjs-core';
import { discriminatorSpecs, spectralVectorSpecs } from '../networks/discriminator.js';
import { generatorSpecs } from '../networks/generator.js';
import { createParameters, zerosLike } from '../networks/parameters.js';
import type { GanConfig } from '../networks/presets.js';

/** The groups of variables that training carries on, as a checkpoint names them. */
export const stateGroups = [
  'generator',
  'average',
  'discriminator',
  'spectral',
  'generatorFirst',
  'generatorSecond',
  'discriminatorFirst',
  'discriminatorSecond',
] as const;
export type StateGroup = (typeof stateGroups)[number];

/** Every variable of a training run. */
export type ModelState = Readonly<Record<StateGroup, ReadonlyMap<string, tf.Variable>>>;

/** A fresh model on the current backend. */
export function createModelState(config: GanConfig, seed: number): ModelState {
  const generator = createParameters(generatorSpecs(config), seed, 'generator');
  const discriminator = createParameters(discriminatorSpecs(config), seed, 'discriminator');
  return {
    generator,
    average: createParameters(generatorSpecs(config), seed, 'generator'),
    discriminator,
    spectral: createParameters(spectralVectorSpecs(config), seed, 'spectral'),
    generatorFirst: zerosLike(generator),
    generatorSecond: zerosLike(generator),
    discriminatorFirst: zerosLike(discriminator),
    discriminatorSecond: zerosLike(discriminator),
  };
}

/** The variables of some groups in one list. */
export function variablesOf(
  state: ModelState,
  groups: readonly StateGroup[] = stateGroups,
): tf.Variable[] {
  return groups.flatMap((group) => [...state[group].values()]);
}

/** Frees the variables. */
export function disposeState(state: ModelState): void {
  for (const variable of variablesOf(state)) variable.dispose();
}
