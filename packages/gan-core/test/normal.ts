import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '../src/random-stream.js';

/** N(0, 1) values, the same for the same seed and shape. */
export function normal(seed: number, ...shape: number[]): tf.Tensor {
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  randomStream(seed).fillNormal(values);
  return tf.tensor(values, shape);
}
