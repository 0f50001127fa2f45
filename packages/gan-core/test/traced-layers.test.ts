import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { ExportError } from '../src/index.js';
import { layersOf } from '../src/export/layer.js';
import { layersModel } from '../src/export/layers-model.js';
import { onnxModel } from '../src/export/onnx-model.js';
import { layerBehind, onTracingBackend, tracedInput } from '../src/export/tracing-backend.js';
import { randomStream } from '../src/random-stream.js';

beforeAll(async () => {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
});

/** N(0, 1) values, the same for the same shape and seed. */
function normal(shape: readonly number[], seed = 0): tf.Tensor {
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  randomStream(seed, ...shape).fillNormal(values);
  return tf.tensor(values, [...shape]);
}

type Network = (x: tf.Tensor) => tf.Tensor;
const conv =
  (filter: number, strides: number, pad: 'same' | 'valid'): Network =>
  (x) =>
    tf.conv2d(x as tf.Tensor4D, normal([filter, filter, 3, 5]) as tf.Tensor4D, strides, pad);
const transposed =
  (filter: number, strides: number, side: number): Network =>
  (x) => {
    const kernel = normal([filter, filter, 5, 3]) as tf.Tensor4D;
    const [batch = 1] = x.shape;
    return tf.conv2dTranspose(
      x as tf.Tensor4D,
      kernel,
      [batch, side, side, 5],
      strides,
      side === 6 * strides ? 'same' : 'valid',
    );
  };
/** Batch norm by fixed statistics, as networks write it. */
const norm: Network = (x) => {
  const channels = [x.shape.at(-1) ?? 1];
  const slope = tf.mul(normal(channels, 1), tf.rsqrt(tf.square(normal(channels, 2))));
  return tf.add(tf.mul(x, slope), tf.sub(normal(channels, 3), slope));
};

/** Networks of maps [6, 6, 3]. */
const networks: Record<string, Network> = {
  'a convolution': conv(3, 1, 'same'),
  'a convolution with a stride, padded unevenly': conv(4, 3, 'same'),
  'a convolution without padding': conv(4, 1, 'valid'),
  'a transposed convolution': transposed(4, 2, 12),
  'a transposed convolution of an odd filter': transposed(5, 2, 12),
  'a transposed convolution whose filter is smaller than its stride': transposed(2, 3, 18),
  'a transposed convolution without padding': transposed(4, 2, 14),
  'batch norm behind a convolution': (x) => norm(conv(3, 1, 'same')(x)),
  'batch norm behind a transposed convolution': (x) => norm(transposed(4, 2, 12)(x)),
  'batch norm behind an activation, twice': (x) => norm(norm(tf.relu(x))),
  'a map that is used twice': (x) => {
    const map = conv(3, 1, 'same')(x);
    return tf.add(tf.mul(map, 0.2), tf.mul(0.8, tf.relu(map)));
  },
  'leaky ReLU, sigmoid and tanh': (x) => tf.tanh(tf.sigmoid(tf.leakyRelu(x, 0.3))),
  'differences both ways': (x) => tf.sub(tf.sub(1, x), tf.sub(tf.tanh(x), normal([3]))),
  'dense layers, with a product of two of the same input': (x) => {
    const rows = tf.reshape(x, [-1, 108]);
    const dense = (seed: number) => norm(tf.matMul(rows, tf.mul(0.1, normal([108, 8], seed))));
    const gain = tf.reshape(tf.sub(dense(1), tf.mul(2, dense(2))), [-1, 1, 1, 8]);
    return tf.mul(tf.reshape(dense(3), [-1, 1, 1, 8]), gain);
  },
  'a product that repeats one side over positions': (x) => {
    const rows = tf.reshape(x, [-1, 108]);
    const gain = tf.matMul(rows, tf.mul(0.1, normal([108, 3])));
    return tf.mul(x, tf.reshape(gain, [-1, 1, 1, 3]));
  },
};

const trace = (network: Network) => layerBehind(network(tracedInput('x', [6, 6, 3])));

describe.each(Object.entries(networks))('%s', (_name, network) => {
  const x = () => normal([4, 6, 6, 3], 9);

  it('is the same as layers of TensorFlow.js', async () => {
    const expected = network(x());
    const model = await onTracingBackend(() => layersModel(trace(network), 'images'));
    const made = model.predict(x()) as tf.Tensor;
    expect(made.shape).toEqual(expected.shape);
    expect(largestDifference(made.dataSync(), expected.dataSync())).toBeLessThan(2e-5);
  });

  it('is the same as ONNX', async () => {
    const expected = network(x());
    const bytes = await onTracingBackend(() => onnxModel(trace(network), 'images', {}));
    const session = await ort.InferenceSession.create(bytes);
    const { images } = await session.run({
      x: new ort.Tensor('float32', x().dataSync<'float32'>(), [4, 6, 6, 3]),
    });
    expect(images?.dims).toEqual(expected.shape);
    expect(largestDifference(images?.data as Float32Array, expected.dataSync())).toBeLessThan(2e-5);
  });
});

/** Relative to the largest value. */
function largestDifference(made: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(expected, Math.abs), 1);
  return Math.max(
    ...Array.from(expected, (value, i) => Math.abs(value - (made[i] ?? NaN)) / scale),
  );
}

describe('a traced network', () => {
  it('has batch norm in its weights, not in layers', async () => {
    const types = await onTracingBackend(() =>
      layersOf(trace((x) => norm(transposed(4, 2, 12)(x)))).map(({ operation }) => operation.type),
    );
    expect(types).toEqual(['input', 'transposedConvolution']);
  });

  it.each<[string, Network, RegExp]>([
    ['an operation', (x) => tf.sin(x), /its generator uses Sin of \[n, 6, 6, 3\],/],
    ['statistics', (x) => tf.sub(x, tf.mean(x, 0)), /uses Mean/],
    ['the order of images', (x) => tf.reshape(x, [6, -1, 3]), /uses Reshape/],
    ['places', (x) => tf.add(x, normal([6, 6, 3])), /uses Add of .* and constant \[6, 6, 3\]/],
    ['a filter', (x) => tf.conv2d(x as tf.Tensor4D, tf.ones([3, 3, 3, 1]), 1, 1), /uses Conv2D/],
  ])('is refused when it depends on %s that no layer knows', async (_what, network, message) => {
    const work = onTracingBackend(() => trace(network));
    await expect(work).rejects.toThrow(ExportError);
    await expect(work).rejects.toThrow(message);
  });

  it('leaves the backend and no tensors behind, also when it is refused', async () => {
    const before = tf.memory().numTensors;
    await onTracingBackend(() => trace(conv(3, 1, 'same')));
    await onTracingBackend(() => trace((x) => tf.sin(tf.relu(x)))).catch(() => undefined);
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual(['cpu', before]);
  });
});
