import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { expectSame } from './run-both.js';

const values = { shape: [6], values: [-2, -1e-30, 0, 1e-30, 0.5, 3] };
const factor = { shape: [6], values: [1, -2, 3, -4, 5, -6] };

describe('the gradient of a rectifier agrees with the CPU backend', () => {
  it.each([
    ['relu', (x: tf.Tensor) => tf.relu(x)],
    ['leaky relu', (x: tf.Tensor) => tf.leakyRelu(x, 0.2)],
    ['a leak of more than 1', (x: tf.Tensor) => tf.leakyRelu(x, 1.5)],
  ])('%s, also at 0 and beside it', async (_name, rectify) => {
    await expectSame(
      (x, y) => [tf.grad((input) => tf.sum<tf.Scalar>(tf.mul(rectify(input), y)))(x)],
      [values, factor],
    );
  });

  it('a leak below 0, beside the relu of the same input', async () => {
    const both = (x: tf.Tensor) => tf.add(tf.relu(x), tf.leakyRelu(x, -0.5));
    await expectSame(
      (x, y) => [tf.grad((input) => tf.sum<tf.Scalar>(tf.mul(both(input), y)))(x)],
      [values, factor],
    );
  });

  it.each([0, 0.2, 1.5])('a product with a step of slope %f', async (slope) => {
    await expectSame((x, y) => [tf.mul(y, tf.step(x, slope))], [values, factor]);
  });

  it('and choices by the sign of whole numbers stay what they are', async () => {
    await expectSame(
      (x, y) => {
        const isPositive = tf.greater(tf.cast(x, 'int32'), tf.scalar(0, 'int32'));
        return [tf.where(isPositive, y, tf.mul(y, 0.5))];
      },
      [values, factor],
    );
  });

  it('and other choices by a sign stay what they are', async () => {
    await expectSame(
      (x, y) => [tf.where(tf.greater(x, 0), y, tf.mul(x, 0.2)), tf.where(tf.greater(x, 0), x, y)],
      [values, factor],
    );
  });
});
