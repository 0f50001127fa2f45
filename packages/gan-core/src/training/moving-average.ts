import * as tf from '@tensorflow/tfjs-core';
import { get, type Parameters } from '../networks/parameters.js';

/** The half-life is at most this share of the images seen so far. */
const HALF_LIFE_SHARE = 0.05;

/**
 * Decay of the moving average for a step that brings the images seen to `images`.
 *
 * @param halfLife in images, at most; with 0 the average is the weights themselves
 */
export function averageDecay(images: number, batchSize: number, halfLife: number): number {
  return 0.5 ** (batchSize / Math.min(halfLife, HALF_LIFE_SHARE * images));
}

/** Moves `average` towards `parameters`: decay * average + (1 - decay) * parameters. */
export function updateAverage(average: Parameters, parameters: Parameters, decay: tf.Tensor): void {
  for (const [name, parameter] of parameters) {
    const mean = get(average, name);
    mean.assign(tf.add(parameter, tf.mul(decay, tf.sub(mean, parameter))));
  }
}
