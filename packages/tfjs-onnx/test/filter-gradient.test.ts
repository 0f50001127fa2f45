import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { runCompiled } from './run-both.js';

it('makes columns again that are too large to keep, with the same result', async () => {
  const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
  const inputs = [
    { shape: [1, 128, 128, 48] },
    { shape: [5, 5, 48, 8] },
    { shape: [5, 5, 48, 8] },
    { shape: [1, 128, 128, 8] },
  ];
  // Linear in the filter: its gradient along a direction is the value at that direction.
  const [along, value] = await runCompiled((...tensors) => {
    const [x, filter, direction, weights] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const loss = (w: tf.Tensor) => tf.sum<tf.Scalar>(tf.mul(tf.tanh(weights), convolve(x, w)));
    return [tf.sum(tf.mul(tf.grad(loss)(filter), direction)), loss(direction)];
  }, inputs);
  expect(along?.[0]).not.toBe(0);
  expect((along?.[0] ?? NaN) / (value?.[0] ?? NaN)).toBeCloseTo(1, 3);
});
