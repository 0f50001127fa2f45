import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { centralDifferences, gradientStep } from './double-precision.js';
import { expectClose, runCompiled, type TestInput } from './run-both.js';

type Compute = (...inputs: tf.Tensor[]) => tf.Tensor;
type Case = [name: string, compute: Compute, ...inputs: TestInput[]];

const matrix = { shape: [3, 4] };
const positive = { shape: [6], values: [0.2, 0.5, 1, 2, 3.5, 5] };
const inside = { shape: [5], values: [-0.8, -0.3, 0.1, 0.45, 0.7] };
const images = { shape: [2, 5, 7, 3] };
const four = (x: tf.Tensor) => x as tf.Tensor4D;

const functions: Case[] = (
  [
    ['exp', tf.exp, matrix],
    ['expm1', tf.expm1, matrix],
    ['log', tf.log, positive],
    ['log1p', tf.log1p, positive],
    ['sqrt', tf.sqrt, positive],
    ['rsqrt', tf.rsqrt, positive],
    ['square', tf.square, matrix],
    ['reciprocal', tf.reciprocal, positive],
    ['abs', tf.abs, inside],
    ['sin', tf.sin, matrix],
    ['cos', tf.cos, matrix],
    ['tan', tf.tan, inside],
    ['asin', tf.asin, inside],
    ['acos', tf.acos, inside],
    ['atan', tf.atan, matrix],
    ['sinh', tf.sinh, matrix],
    ['cosh', tf.cosh, matrix],
    ['tanh', tf.tanh, matrix],
    ['asinh', tf.asinh, matrix],
    ['acosh', (x) => tf.acosh(tf.add(x, 1)), positive],
    ['atanh', tf.atanh, inside],
    ['sigmoid', tf.sigmoid, matrix],
    ['logSigmoid', tf.logSigmoid, matrix],
    ['softplus', tf.softplus, matrix],
    ['relu', tf.relu, inside],
    ['relu6', tf.relu6, inside],
    ['leakyRelu', tf.leakyRelu, inside],
    ['elu', tf.elu, inside],
    ['selu', tf.selu, inside],
    ['clipByValue', (x) => tf.clipByValue(x, -0.5, 0.5), inside],
    ['softmax', (x) => tf.softmax(x), matrix],
    ['logSoftmax', (x) => tf.logSoftmax(x), matrix],
    ['logSumExp', (x) => tf.logSumExp(x, 1), matrix],
    ['sum', (x) => tf.sum(x, 0), matrix],
    ['mean', (x) => tf.mean(x, 1), matrix],
    ['max', (x) => tf.max(x, 1), matrix],
    ['min', (x) => tf.min(x, 0), matrix],
    ['cumsum', (x) => tf.cumsum(x, 1, true, true), matrix],
    ['variance', (x) => tf.moments(x, 0).variance, matrix],
    ['norm', (x) => tf.norm(x), matrix],
  ] satisfies [string, (x: tf.Tensor) => tf.Tensor, TestInput][]
).map(([name, compute, input]) => [name, (x) => compute(x), input]);

const operations: Case[] = [
  ['prelu', (x, a) => tf.prelu(x, a), inside, { shape: [1], values: [0.3] }],
  ['pow', (a, b) => tf.pow(a, b), positive, { shape: [6] }],
  ['atan2', (a, b) => tf.atan2(a, b), positive, { shape: [6] }],
  ['div, broadcast', (a, b) => tf.div(a, b), matrix, { shape: [4], values: [0.5, 1, 2, -3] }],
  ['maximum', (a, b) => tf.maximum(a, b), matrix, matrix],
  ['squaredDifference', (a, b) => tf.squaredDifference(a, b), matrix, matrix],
  ['matMul', (a, b) => tf.matMul(a, b, true), matrix, { shape: [3, 2] }],
  ['matMul of batches', (a, b) => tf.matMul(a, b), { shape: [2, 3, 4] }, { shape: [2, 4, 2] }],
  ['where', (a, b) => tf.where(tf.tensor1d([true, false, false, true]), a, b), matrix, matrix],
  ['embedding', (table) => tf.gather(table, tf.tensor1d([2, 0, 2, 1], 'int32')), matrix],
  [
    'batchNorm',
    (x, mean, gain, offset) => tf.batchNorm(x, mean, tf.fill([3], 0.7), offset, gain),
    { shape: [2, 3] },
    { shape: [3] },
    { shape: [3] },
    { shape: [3] },
  ],
  ['sigmoidCrossEntropy', (x) => tf.losses.sigmoidCrossEntropy(tf.ones([3, 4]), x), matrix],
  [
    'softmaxCrossEntropy',
    (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([1, 3, 0], 'int32'), 4), x),
    matrix,
  ],
  ['dropout with given noise', (x) => tf.mul(x, tf.tensor1d([0, 2, 2, 0])), matrix],
  ['conv2d', (x, w) => tf.conv2d(four(x), four(w), 2, 'same'), images, { shape: [3, 3, 3, 2] }],
  [
    'conv2d with two strides',
    (x, w) => tf.conv2d(four(x), four(w), [3, 2], 'valid'),
    images,
    { shape: [2, 3, 3, 2] },
  ],
  [
    'conv2d of NCHW',
    (x, w) => tf.conv2d(four(x), four(w), 2, 1, 'NCHW'),
    { shape: [1, 3, 5, 4] },
    { shape: [3, 3, 3, 2] },
  ],
  [
    'conv2dTranspose',
    (x, w) => tf.conv2dTranspose(four(x), four(w), [1, 6, 4, 3], 2, 'same'),
    { shape: [1, 3, 2, 2] },
    { shape: [4, 4, 3, 2] },
  ],
  [
    'depthwiseConv2d',
    (x, w) => tf.depthwiseConv2d(four(x), four(w), 2, 'same'),
    images,
    { shape: [3, 3, 3, 2] },
  ],
  [
    'separableConv2d',
    (x, d, p) => tf.separableConv2d(four(x), four(d), four(p), 1, 'same'),
    { shape: [1, 4, 4, 2] },
    { shape: [3, 3, 2, 2] },
    { shape: [1, 1, 4, 3] },
  ],
  ['maxPool', (x) => tf.maxPool(four(x), 3, 2, 'same'), images],
  ['maxPool, window wider than stride', (x) => tf.maxPool(four(x), [3, 2], 1, 'valid'), images],
  ['avgPool, which leaves padding out', (x) => tf.avgPool(four(x), 3, 2, 'same'), images],
  ['avgPool, stride wider than window', (x) => tf.avgPool(four(x), 2, 3, 'valid'), images],
  ['resizeBilinear', (x) => tf.image.resizeBilinear(four(x), [8, 4]), images],
  ['resizeBilinear between corners', (x) => tf.image.resizeBilinear(four(x), [3, 9], true), images],
  [
    'resizeBilinear between centres',
    (x) => tf.image.resizeBilinear(four(x), [9, 5], false, true),
    images,
  ],
  [
    'resizeNearestNeighbor to other shapes',
    (x) => tf.image.resizeNearestNeighbor(four(x), [3, 9], true),
    images,
  ],
  ['resizeNearestNeighbor', (x) => tf.image.resizeNearestNeighbor(four(x), [10, 14]), images],
  [
    'pad',
    (x) =>
      tf.pad(x, [
        [1, 0],
        [0, 2],
      ]),
    matrix,
  ],
  ['slice and concat', (a, b) => tf.concat([tf.slice(a, [0, 1], [3, 2]), b], 1), matrix, matrix],
  ['stridedSlice', (x) => tf.reverse(tf.slice(x, [1, 0], [2, 3]), 1), matrix],
  ['tile and transpose', (x) => tf.transpose(tf.tile(x, [2, 1])), matrix],
  [
    'spaceToBatchND',
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    images,
  ],
];

describe('a gradient is the derivative, by central differences in float64', () => {
  it.each([...functions, ...operations])('%s', async (_name, compute, ...inputs) => {
    const expected = await centralDifferences(compute, inputs);
    const received = await runCompiled(gradientStep(compute), inputs);
    expect(received.length).toBe(expected.length);
    expected.forEach((values, i) => {
      expectClose(received[i], Float32Array.from(values), 1e-4);
    });
  });
});
