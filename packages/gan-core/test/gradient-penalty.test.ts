import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { leakyRelu } from '../src/networks/leaky-relu.js';
import { judgeWithSlopes } from '../src/training/gradient-penalty.js';
import { normal } from './normal.js';

beforeAll(async () => {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
});

const sum = (x: tf.Tensor) => tf.sum(x).dataSync()[0] ?? NaN;

describe('judgeWithSlopes', () => {
  const images = normal(1, 3, 4, 4, 2);

  it("is the squared norm of a linear discriminator's weight, whatever the image", () => {
    const weight = normal(2, 32, 1);
    const judge = (x: tf.Tensor) => tf.matMul(tf.reshape(x, [3, 32]), weight);
    const { logits, squaredSlopes } = judgeWithSlopes(judge, images);
    expect(logits.dataSync()).toEqual(judge(images).dataSync());
    for (const square of squaredSlopes.dataSync()) {
      expect(square / sum(tf.square(weight))).toBeCloseTo(1, 5);
    }
  });

  it('is (c |x|)^2 of c |x|^2 / 2, image by image', () => {
    const judge = (x: tf.Tensor) => tf.mul(1.5, tf.sum(tf.square(tf.reshape(x, [3, 32])), 1, true));
    const { squaredSlopes } = judgeWithSlopes(judge, images);
    tf.unstack(images).forEach((image, i) => {
      const expected = 9 * sum(tf.square(image));
      expect((squaredSlopes.dataSync()[i] ?? NaN) / expected).toBeCloseTo(1, 5);
    });
  });

  it('has a gradient for the weights, that which differences show', () => {
    const [first, second] = [normal(3, 4, 4, 2, 5), normal(4, 4, 4, 5, 1)];
    const penalty = (weight: tf.Tensor) => {
      const judge = (x: tf.Tensor) => {
        const map = tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, 2, 'same');
        const end = tf.conv2d(leakyRelu(map) as tf.Tensor4D, second as tf.Tensor4D, 2, 'same');
        return tf.reshape(end, [3, 1]);
      };
      return tf.sum<tf.Scalar>(judgeWithSlopes(judge, images).squaredSlopes);
    };
    const variable = tf.variable(first);
    const { grads } = tf.variableGrads(() => penalty(variable), [variable]);
    const gradient = grads[variable.name] ?? tf.zerosLike(first);
    const direction = normal(5, ...first.shape);
    // Small enough that no unit changes its side; the penalty is then quadratic, and central differences exact.
    const step = 1e-3;
    const at = (by: number) => sum(penalty(tf.add(first, tf.mul(by, direction))));
    const difference = (at(step) - at(-step)) / (2 * step);
    const predicted = sum(tf.mul(gradient, direction));
    expect(Math.abs(predicted)).toBeGreaterThan(1);
    expect(difference / predicted).toBeCloseTo(1, 2);
  });
});

describe('leakyRelu', () => {
  it('is tf.leakyRelu, and so is its gradient', () => {
    const x = tf.tensor([-3, -0.5, -0, 0, 1e-9, 2]);
    const dy = tf.tensor([1, -2, 3, 4, 5, -6]);
    expect(leakyRelu(x).dataSync()).toEqual(tf.leakyRelu(x, 0.2).dataSync());
    expect(tf.grad(leakyRelu)(x, dy).dataSync()).toEqual(
      tf
        .grad((at: tf.Tensor) => tf.leakyRelu(at, 0.2))(x, dy)
        .dataSync(),
    );
  });
});
