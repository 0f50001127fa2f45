import * as tf from '@tensorflow/tfjs-core';
import { get, type Parameters } from '../networks/parameters.js';

/** The half-life is at most this many images, and at most this share of the images seen so far. */
const HALF_LIFE_IMAGES = 10_000;
const HALF_LIFE_SHARE = 0.05;

/** Decay of the moving average for a step that brings the images seen to `images`. */
export function averageDecay(images: number, batchSize: number): number {
  const halfLife = Math.min(HALF_LIFE_IMAGES, HALF_LIFE_SHARE * images);
  return 0.5 ** (batchSize / halfLife);
}

/** Moves `average` towards `parameters`: decay * average + (1 - decay) * parameters. */
export function updateAverage(average: Parameters, parameters: Parameters, decay: tf.Tensor): void {
  for (const [name, parameter] of parameters) {
    const mean = get(average, name);
    mean.assign(tf.add(parameter, tf.mul(decay, tf.sub(mean, parameter))));
  }
}
