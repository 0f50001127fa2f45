import * as tf from '@tensorflow/tfjs-core';
import { get, type Parameters } from '../networks/parameters.js';

/** Decay of Adam's two moments (Radford et al., 2016, for the first). */
const BETA_1 = 0.5;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Adam's moments, one of each per parameter. */
export interface AdamState {
  readonly first: Parameters;
  readonly second: Parameters;
}

/** The bias-corrected step size at `step`, counted from 1 (Kingma & Ba, 2015, end of section 2). */
export function adamStepSize(learningRate: number, step: number): number {
  return (learningRate * Math.sqrt(1 - BETA_2 ** step)) / (1 - BETA_1 ** step);
}

/**
 * One step of Adam (Kingma & Ba, 2015) on all parameters.
 *
 * @param gradients by the variables' own names, as tf.variableGrads returns them
 * @param stepSize scalar, from adamStepSize
 */
export function adamUpdate(
  parameters: Parameters,
  { first, second }: AdamState,
  gradients: tf.NamedTensorMap,
  stepSize: tf.Tensor,
): void {
  for (const [name, parameter] of parameters) {
    const gradient = gradients[parameter.name];
    if (!gradient) throw new Error(`The loss does not depend on the parameter ${name}.`);
    const m = get(first, name);
    const v = get(second, name);
    m.assign(tf.add(tf.mul(m, BETA_1), tf.mul(gradient, 1 - BETA_1)));
    v.assign(tf.add(tf.mul(v, BETA_2), tf.mul(tf.square(gradient), 1 - BETA_2)));
    const change = tf.div(tf.mul(m, stepSize), tf.add(tf.sqrt(v), EPSILON));
    parameter.assign(tf.sub(parameter, change));
  }
}
