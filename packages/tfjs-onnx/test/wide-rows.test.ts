import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { expectSame } from './run-both.js';

const image = { shape: [4, 6, 10, 3] };

describe('operations on few channels agree with the CPU backend', () => {
  it.each([
    ['a vector of channels', [3]],
    ['one of every image', [4, 1, 1, 3]],
    ['one of every row', [4, 6, 1, 3]],
    ['one of every column, for all images', [1, 1, 10, 3]],
    ['one number of every pixel', [4, 6, 10, 1]],
  ])('broadcast: %s', async (_name, shape) => {
    await expectSame((x, vector) => [tf.sub(x, vector), tf.div(vector, x)], [image, { shape }]);
  });

  it.each([
    ['all but the last axis', [0, 1, 2]],
    ['the pixels of every image', [1, 2]],
    ['the last pixels and channels', [2, 3]],
    ['axes that are no neighbours', [0, 2]],
  ])('reduction: %s', async (_name, axes) => {
    await expectSame(
      (x) => [tf.sum(x, axes), tf.mean(x, axes, true), tf.max(x, axes), tf.min(x, axes)],
      [image],
    );
  });
});
