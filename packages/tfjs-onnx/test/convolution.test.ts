import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { it } from 'vitest';
import { expectSame } from './run-both.js';

const convolution = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 4, max: 9 }),
    width: fc.integer({ min: 4, max: 9 }),
    inputs: fc.constantFrom(1, 3, 8, 11),
    outputs: fc.constantFrom(1, 3, 8, 13),
    filter: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom('same' as const, 'valid' as const),
  })
  .filter(
    ({ pad, filter, height, width }) => pad === 'same' || (filter <= height && filter <= width),
  );

it('convolutions and both of their gradients agree with the CPU backend, whatever their shape', async () => {
  await fc.assert(
    fc.asyncProperty(
      convolution,
      async ({ batch, height, width, inputs, outputs, filter, stride, pad }) => {
        const step = (x: tf.Tensor, w: tf.Tensor) => {
          const forward = (image: tf.Tensor, weights: tf.Tensor) =>
            tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, stride, pad);
          const gradients = tf.grads((image, weights) =>
            tf.sum(tf.square(forward(image, weights))),
          );
          return [forward(x, w), ...gradients([x, w])];
        };
        await expectSame(step, [
          { shape: [batch, height, width, inputs] },
          { shape: [filter, filter, inputs, outputs] },
        ]);
      },
    ),
    { numRuns: 60, seed: 11 },
  );
});

it('transposed convolutions and their gradients agree with the CPU backend', async () => {
  for (const [inputs, outputs, filter, stride] of [
    [16, 8, 4, 2],
    [8, 3, 4, 2],
    [3, 9, 5, 2],
    [9, 2, 3, 1],
  ] as const) {
    const step = (x: tf.Tensor, w: tf.Tensor) => {
      const forward = (image: tf.Tensor, weights: tf.Tensor) =>
        tf.conv2dTranspose(
          image as tf.Tensor4D,
          weights as tf.Tensor4D,
          [2, 5 * stride, 4 * stride, outputs],
          stride,
          'same',
        );
      return [forward(x, w), ...tf.grads((a, b) => tf.sum(tf.square(forward(a, b))))([x, w])];
    };
    await expectSame(step, [
      { shape: [2, 5, 4, inputs] },
      { shape: [filter, filter, outputs, inputs] },
    ]);
  }
});
