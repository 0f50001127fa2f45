import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNorm, EPSILON } from '../src/networks/batch-norm.js';

beforeAll(() => tf.setBackend('cpu'));

/** The same by the tape, from the definition. */
function reference(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const perImage = (values: tf.Tensor) =>
    values.rank === 2 ? tf.reshape(values, [3, 1, 1, 4]) : values;
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, EPSILON)));
  return tf.add(tf.mul(normal, perImage(gain)), perImage(bias));
}

describe('batchNorm', () => {
  it.each([[[4]], [[3, 4]]])('agrees with its definition, gain and bias %j', (shape) => {
    const x = tf.add(tf.mul(tf.randomNormal([3, 5, 2, 4], 0, 1, 'float32', 1), 2), 3);
    const gain = tf.randomNormal(shape, 1, 0.5, 'float32', 2);
    const bias = tf.randomNormal(shape, 0, 1, 'float32', 3);
    const weights = tf.randomNormal(x.shape, 0, 1, 'float32', 4);
    const gradients = (norm: typeof batchNorm) =>
      tf.grads((a, b, c) => tf.sum<tf.Scalar>(tf.mul(tf.tanh(norm(a, b, c)), weights)))([
        x,
        gain,
        bias,
      ]);
    const [received, expected] = [gradients(batchNorm), gradients(reference)];
    received.push(batchNorm(x, gain, bias));
    expected.push(reference(x, gain, bias));
    received.forEach((tensor, i) => {
      const difference = tf.max(tf.abs(tf.sub(tensor, expected[i] ?? tensor)));
      expect(difference.dataSync()[0]).toBeLessThan(2e-5);
    });
  });
});
