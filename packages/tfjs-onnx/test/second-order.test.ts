import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { centralDifferences, gradientStep } from './double-precision.js';
import { expectClose, expectSame, runCompiled, type TestInput } from './run-both.js';

type Compute = (...inputs: tf.Tensor[]) => tf.Tensor;
type Weights = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

const [BATCH, SIDE] = [2, 8];
const four = (x: tf.Tensor | undefined) => x as tf.Tensor4D;
/** The gradient of tf.leakyRelu compares, which has no gradient of its own: it cannot be derived again. */
const leaky = (x: tf.Tensor) => tf.add(tf.mul(x, 0.2), tf.mul(tf.relu(x), 0.8));

/** Strided convolutions, one between two activations that keeps its input, and a linear end: [batch, 1]. */
const judge: Compute = (images, ...weights) => {
  const [first, bias, second, inner, dense] = weights as Weights;
  let x = leaky(tf.add(tf.conv2d(four(images), four(first), 2, 'same'), bias)); // [batch, 4, 4, 9]
  x = tf.add(x, leaky(tf.conv2d(four(x), four(inner), 1, 'same')));
  x = leaky(tf.conv2d(four(x), four(second), 2, 'same')); // [batch, 2, 2, 3]
  return tf.matMul(tf.reshape(x, [BATCH, 2 * 2 * 3]), dense);
};
const images: TestInput = { shape: [BATCH, SIDE, SIDE, 3] };
const weights: TestInput[] = [
  { shape: [3, 3, 3, 9] },
  { shape: [9] },
  { shape: [4, 4, 9, 3] },
  { shape: [2, 2, 9, 9] },
  { shape: [2 * 2 * 3, 1] },
];

/** The mean over images of the squared norm of the gradient of what `score` says of them: Mescheder et al. 2018, eq. 9. */
const penalty = (score: Compute, ...inputs: tf.Tensor[]) => {
  const [x, ...parameters] = inputs as [tf.Tensor, ...tf.Tensor[]];
  const slopes = tf.grad((at) => tf.sum(score(at, ...parameters)))(x);
  return tf.mean(tf.sum(tf.square(slopes), [1, 2, 3]));
};
const r1: Compute = (...inputs) => penalty(judge, ...inputs);
/** Of a score that bends, at images that a generator makes: their gradients pass through the penalty too. */
const r2: Compute = (z, filter, ...parameters) => {
  const made = tf.conv2dTranspose(four(z), four(filter), [BATCH, SIDE, SIDE, 3], 2, 'same');
  const score: Compute = (...inputs) => tf.softplus(judge(...inputs));
  return penalty(score, tf.tanh(made), ...parameters);
};

const cases: [string, Compute, TestInput[]][] = [
  ['at images', r1, [images, ...weights]],
  ['at generated images', r2, [{ shape: [BATCH, 4, 4, 2] }, { shape: [4, 4, 3, 2] }, ...weights]],
];

describe('the gradient of a gradient penalty', () => {
  it.each(cases)('%s is the derivative, by central differences', async (_name, compute, inputs) => {
    const expected = await centralDifferences(compute, inputs);
    const received = await runCompiled(gradientStep(compute), inputs);
    expect(received.length).toBe(expected.length);
    expected.forEach((values, i) => {
      expectClose(received[i], Float32Array.from(values), 1e-4);
    });
  });

  it.each(cases)('%s is that of the CPU backend', async (_name, compute, inputs) => {
    await expectSame((...given) => tf.grads(compute)(given), inputs);
  });
});
