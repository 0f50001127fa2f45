import type * as tf from '@tensorflow/tfjs-core';
import { copiesOf, createParameters, zerosLike, type Parameters } from '../networks/parameters.js';
import type { AdamState } from '../training/adam.js';
import type { Model } from './model.js';

/** Every variable of a model in training, by group, as a checkpoint names them. */
export type ModelState = ReadonlyMap<string, Parameters>;

/** A fresh model on the current backend. */
export function createModelState({ trained, buffers }: Model, seed: number): ModelState {
  const state = new Map<string, Parameters>();
  for (const [name, specs] of Object.entries(trained)) {
    const parameters = createParameters(specs, seed, name);
    state.set(name, parameters);
    state.set(`${name}First`, zerosLike(parameters));
    state.set(`${name}Second`, zerosLike(parameters));
  }
  state.set('average', copiesOf(groupOf(state, 'generator')));
  state.set('buffers', createParameters(buffers, seed, 'buffers'));
  return state;
}

/** The variables of a group. */
export function groupOf(state: ModelState, name: string): Parameters {
  const group = state.get(name);
  if (!group) throw new Error(`The model has no group ${name}.`);
  return group;
}

/** Adam's moments of a group. */
export function momentsOf(state: ModelState, name: string): AdamState {
  return { first: groupOf(state, `${name}First`), second: groupOf(state, `${name}Second`) };
}

/** All variables in one list. */
export function variablesOf(state: ModelState): tf.Variable[] {
  return [...state.values()].flatMap((group) => [...group.values()]);
}

/** Frees the variables. */
export function disposeState(state: ModelState): void {
  for (const variable of variablesOf(state)) variable.dispose();
}
