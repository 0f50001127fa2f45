import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEagerBackend, openOnnxEngine } from '../src/index.js';
import { expectClose, randomValues, runCompiled } from './run-both.js';

describe('the eager backend', () => {
  beforeEach(async () => {
    await openEagerBackend();
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
  });

  it('computes at once, so that every value can be read', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const y = tf.mul(x, 2);
    expect([...y.dataSync()]).toEqual([2, 4, 6]);
    expect(await tf.sum(y).array()).toBe(12);
    expect([...tf.greater(x, 1).dataSync()]).toEqual([0, 1, 1]);
    expect(tf.gather(x, tf.tensor1d([2], 'int32')).dataSync()[0]).toBe(3);
  });

  it('gives the results of the compiled step', async () => {
    const loss = (image: tf.Tensor, weights: tf.Tensor) =>
      tf.mean(tf.tanh(tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, 2, 'same')));
    const step = (...inputs: tf.Tensor[]) => tf.grads(loss)(inputs);
    const shapes = [
      [2, 5, 5, 3],
      [3, 3, 3, 4],
    ];
    const inputs = shapes.map((shape, i) =>
      tf.tensor(randomValues(i + 1, tf.util.sizeFromShape(shape)), shape),
    );
    const eager = step(...inputs).map((tensor) => Float32Array.from(tensor.dataSync()));
    const compiled = await runCompiled(
      step,
      shapes.map((shape) => ({ shape })),
    );
    eager.forEach((values, i) => {
      expectClose(compiled[i], values, 1e-6);
    });
  });

  it('shares data between a tensor and its reshapes, and frees it', () => {
    const { numTensors, numDataBuffers } = tf.memory();
    const x = tf.tensor2d([[1, 2]]);
    const y = tf.reshape(x, [2]);
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers + 1);
    tf.dispose([x, y]);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });

  it('moves tensors to and from other backends', async () => {
    const x = tf.tensor1d([1, 2]);
    await tf.setBackend('cpu');
    const y = tf.add(x, 1);
    await openEagerBackend();
    expect([...tf.mul(y, y).dataSync()]).toEqual([4, 9]);
  });

  it('stands beside an engine: variables of one can be read by the other', async () => {
    const weights = tf.variable(tf.tensor1d([3, 4]));
    const engine = await openOnnxEngine({ threads: 1 });
    const step = await engine.compile(() => [tf.square(weights)], {
      inputs: [],
      variables: [weights],
    });
    expect([...((await step.run())[0] ?? [])]).toEqual([9, 16]);
    await engine.dispose();
    weights.dispose();
  });
});
