import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers every operation's gradient.
import '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { openOnnxEngine, optimizerVariables } from '../src/index.js';
import { expectClose, randomValues } from './run-both.js';

const makers: [string, () => tf.Optimizer][] = [
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.1, 0.9)],
  ['momentum of Nesterov', () => tf.train.momentum(0.1, 0.9, true)],
  ['rmsprop', () => tf.train.rmsprop(0.05, 0.9, 0.5)],
  ['rmsprop, centred', () => tf.train.rmsprop(0.01, 0.9, 0, 1e-7, true)],
  ['adagrad', () => tf.train.adagrad(0.1)],
  ['adadelta', () => tf.train.adadelta(0.5)],
  ['adam', () => tf.train.adam(0.05)],
  ['adamax', () => tf.train.adamax(0.05)],
];
const STEPS = 6;
const batches = Array.from({ length: STEPS }, (_, i) => randomValues(i + 1, 5 * 4));

/** A small regression; its optimizer makes its slots in the first update. */
function build(optimizer: tf.Optimizer) {
  const weights = tf.variable(tf.tensor2d(randomValues(7, 8), [4, 2]));
  const bias = tf.variable(tf.tensor1d([0.1, -0.2]));
  const step = (x: tf.Tensor) => {
    const { value, grads } = tf.variableGrads(
      () =>
        tf.mean(
          tf.square(tf.sub(tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, weights), bias)), 0.5)),
        ),
      [weights, bias],
    );
    optimizer.applyGradients(grads);
    return [value];
  };
  return { step, weights, bias };
}

describe('the optimizers of TensorFlow.js can be part of a step', () => {
  it.each(makers)('%s', async (_name, make) => {
    await tf.setBackend('cpu');
    const eager = build(make());
    const losses = batches.map((x) =>
      tf.tidy(() => Float32Array.from(eager.step(tf.tensor2d(x, [5, 4]))[0]?.dataSync() ?? [])),
    );
    const weights = Float32Array.from(eager.weights.dataSync());

    const engine = await openOnnxEngine({ threads: 1 });
    const optimizer = make();
    const traced = build(optimizer);
    const compile = () =>
      engine.compile(traced.step, {
        inputs: [{ name: 'x', shape: [5, 4] }],
        variables: [traced.weights, traced.bias, ...optimizerVariables(optimizer)],
      });
    const first = await compile();
    const received: Float32Array[] = [];
    for (const x of batches.slice(0, 3)) received.push(...(await first.run(x)));
    // Compiled once more, the step goes on with the slots that the optimizer has by now.
    const second = await compile();
    for (const x of batches.slice(3)) received.push(...(await second.run(x)));
    received.forEach((loss, i) => {
      expectClose(loss, losses[i] ?? new Float32Array(), 1e-5);
    });
    expectClose(await engine.read(traced.weights), weights, 1e-5);
    await engine.dispose();
    tf.disposeVariables();
  });
});

it('an optimizer has no variables of its own before its first update, beside powers of decay rates', () => {
  expect(optimizerVariables(tf.train.sgd(0.1))).toEqual([]);
});
