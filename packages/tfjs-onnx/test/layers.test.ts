import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as layers from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { openOnnxEngine } from '../src/index.js';
import { expectClose, randomValues } from './run-both.js';

const { layers: make } = layers;

/** A classifier with one of every layer that a convolutional net is made of. */
function build(): layers.Sequential {
  const model = layers.sequential({
    layers: [
      make.conv2d({ inputShape: [9, 9, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
      make.batchNormalization(),
      make.depthwiseConv2d({ kernelSize: 3, padding: 'same', activation: 'elu' }),
      make.separableConv2d({ filters: 5, kernelSize: 3, activation: 'relu6' }),
      make.maxPooling2d({ poolSize: 2, strides: 1 }),
      make.zeroPadding2d({ padding: 1 }),
      make.conv2dTranspose({ filters: 4, kernelSize: 4, strides: 2, padding: 'same' }),
      make.leakyReLU(),
      make.averagePooling2d({ poolSize: 3, strides: 2 }),
      make.cropping2D({ cropping: 1 }),
      make.layerNormalization(),
      make.globalAveragePooling2d({}),
      make.dense({ units: 6, activation: 'tanh' }),
      make.dropout({ rate: 0 }),
      make.dense({ units: 3 }),
    ],
  });
  model.weights.forEach((weight, i) => {
    const { shape } = weight;
    const values = randomValues(i + 1, tf.util.sizeFromShape(shape as number[]), 0.3);
    // Variances and gains are near 1.
    const isScale = /variance|gamma/.test(weight.name);
    weight.write(
      tf.tensor(isScale ? values.map((value) => 1 + value / 4) : values, shape as number[]),
    );
  });
  return model;
}

function variablesOf(weights: readonly { read(): tf.Tensor }[]): tf.Variable[] {
  return weights
    .map((weight) => weight.read())
    .filter((value): value is tf.Variable => value instanceof tf.Variable);
}

function trainer(model: layers.Sequential) {
  const trained = variablesOf(model.trainableWeights);
  const labels = tf.tensor2d([1, 0, 0, 0, 1, 0], [2, 3]);
  return (x: tf.Tensor): tf.Tensor[] => {
    const { value, grads } = tf.variableGrads(
      () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor),
      trained,
    );
    trained.forEach((variable) => {
      const gradient = grads[variable.name] ?? variable;
      variable.assign(tf.sub(variable, tf.mul(gradient, 0.1)));
    });
    return [value];
  };
}

it('goes on with weights that a model is given between two runs', async () => {
  const engine = await openOnnxEngine({ threads: 1 });
  const model = layers.sequential({ layers: [make.dense({ inputShape: [2], units: 1 })] });
  const variables = variablesOf(model.weights);
  const step = await engine.compile((x) => [model.apply(x) as tf.Tensor], {
    inputs: [{ name: 'x', shape: [1, 2] }],
    variables,
  });
  await step.run(Float32Array.of(1, 2));
  model.setWeights([tf.tensor2d([3, 4], [2, 1]), tf.tensor1d([5])]);
  expect(await step.run(Float32Array.of(1, 2))).toEqual([Float32Array.of(16)]);
  const values = await Promise.all(variables.map((variable) => engine.read(variable)));
  expect(values).toEqual([Float32Array.of(3, 4), Float32Array.of(5)]);
  await engine.dispose();
});

it('trains a net of TensorFlow.js layers as the CPU backend does', async () => {
  const batches = [1, 2, 3, 4].map((seed) => randomValues(seed, 2 * 9 * 9 * 3));
  await tf.setBackend('cpu');
  const reference = build();
  const train = trainer(reference);
  const losses = batches.map((x) =>
    tf.tidy(() => Float32Array.from(train(tf.tensor4d(x, [2, 9, 9, 3]))[0]?.dataSync() ?? [])),
  );
  const weights = reference.weights.map((weight) => Float32Array.from(weight.read().dataSync()));

  const model = build();
  const variables = variablesOf(model.weights);
  const step = trainer(model);
  const engine = await openOnnxEngine({ threads: 2 });
  const compiled = await engine.compile(step, {
    inputs: [{ name: 'x', shape: [2, 9, 9, 3] }],
    variables,
  });
  for (const [i, x] of batches.entries()) {
    const [loss] = await compiled.run(x);
    expectClose(loss, losses[i] ?? new Float32Array(), 1e-4);
  }
  expect(variables.length).toBe(weights.length);
  for (const [i, values] of weights.entries()) {
    const variable = variables[i];
    expectClose(variable && (await engine.read(variable)), values, 1e-3);
  }
  await engine.dispose();
});
