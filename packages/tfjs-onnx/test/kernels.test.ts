import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectSame, runCompiled, type TestInput } from './run-both.js';

type Case = [name: string, step: (...inputs: tf.Tensor[]) => tf.Tensor, ...inputs: TestInput[]];

const matrix = { shape: [3, 4] };
const positive = { shape: [6], values: [0.1, 0.5, 1, 2, 3.5, 9] };
const signs = { shape: [5], values: [-2, -0.5, 0, 0.5, 2] };

const float = (x: tf.Tensor) => tf.cast(x, 'float32');
const int = (x: tf.Tensor) => tf.cast(x, 'int32');
const wholeProduct = (a: tf.Tensor, b: tf.Tensor, isTurnedA = false, isTurnedB = false) =>
  float(tf.matMul(int(tf.mul(a, 9)), int(tf.mul(b, 9)), isTurnedA, isTurnedB));
/** Types let fill have numbers only. */
const filledWith = (value: number | boolean) => tf.fill([4], value as number, 'bool');

const cases: Case[] = [
  ['add, broadcast', (a, b) => tf.add(a, b), matrix, { shape: [4] }],
  ['sub', (a, b) => tf.sub(a, b), matrix, matrix],
  ['mul by a number', (a) => tf.mul(a, 3), matrix],
  ['mul by one', (a) => tf.mul(a, tf.onesLike(a)), matrix],
  ['add zeros', (a) => tf.add(a, tf.zerosLike(a)), matrix],
  ['sub from a broadcast', (a, b) => tf.sub(a, b), { shape: [4] }, matrix],
  ['div', (a, b) => tf.div(a, b), { shape: [6] }, positive],
  ['pow', (a) => tf.pow(a, 1.5), positive],
  ['maximum', (a, b) => tf.maximum(a, b), matrix, matrix],
  ['minimum with a number', (a) => tf.minimum(a, 0.2), matrix],
  ['squaredDifference', (a, b) => tf.squaredDifference(a, b), matrix, matrix],
  ['addN', (a, b, c) => tf.addN([a, b, c]), matrix, matrix, matrix],
  ['relu', (x) => tf.relu(x), matrix],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.2), matrix],
  ['tanh', (x) => tf.tanh(x), matrix],
  ['sigmoid', (x) => tf.sigmoid(x), matrix],
  ['softplus', (x) => tf.softplus(x), matrix],
  ['exp', (x) => tf.exp(x), matrix],
  ['log', (x) => tf.log(x), positive],
  ['log1p', (x) => tf.log1p(x), positive],
  ['cast of a constant to bool', (x) => tf.mul(x, tf.cast(tf.cast(2, 'bool'), 'float32')), matrix],
  ['sqrt', (x) => tf.sqrt(x), positive],
  ['rsqrt', (x) => tf.rsqrt(x), positive],
  ['square', (x) => tf.square(x), matrix],
  ['neg', (x) => tf.neg(x), matrix],
  ['abs', (x) => tf.abs(x), matrix],
  ['sign', (x) => tf.sign(x), signs],
  ['floor', (x) => tf.floor(x), matrix],
  ['step', (x) => tf.step(x, 0.3), signs],
  ['clipByValue', (x) => tf.clipByValue(x, -0.5, 0.5), matrix],
  ['greater', (a, b) => tf.cast(tf.greater(a, b), 'float32'), matrix, matrix],
  ['greaterEqual', (a) => tf.cast(tf.greaterEqual(a, 0.5), 'float32'), signs],
  ['less', (a) => tf.cast(tf.less(a, 0.5), 'float32'), signs],
  ['lessEqual', (a) => tf.cast(tf.lessEqual(a, 0.5), 'float32'), signs],
  ['equal', (a) => tf.cast(tf.equal(a, 0.5), 'float32'), signs],
  [
    'logical',
    (a) => tf.cast(tf.logicalAnd(tf.logicalNot(tf.less(a, 0)), tf.less(a, 1)), 'float32'),
    signs,
  ],
  ['logicalOr', (a) => tf.cast(tf.logicalOr(tf.less(a, -1), tf.greater(a, 1)), 'float32'), signs],
  ['where', (a, b) => tf.where(tf.greater(a, b), a, b), matrix, matrix],
  ['cast of a constant', (a) => tf.mul(a, tf.cast(tf.scalar(3, 'int32'), 'float32')), matrix],
  ['reshape of a reshape', (x) => tf.reshape(tf.reshape(x, [2, 6]), [12]), matrix],
  ['expandDims', (x) => tf.expandDims(x, 1), matrix],
  ['squeeze', (x) => tf.squeeze(x, [1]), { shape: [3, 1, 2] }],
  ['transpose', (x) => tf.transpose(x, [2, 0, 1]), { shape: [2, 3, 4] }],
  ['transpose of equal numbers', (x) => tf.add(x, tf.transpose(tf.fill([4, 3], 2))), matrix],
  [
    'pad',
    (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 3],
        ],
        0.5,
      ),
    matrix,
  ],
  ['slice', (x) => tf.slice(x, [1, 1], [-1, 2]), matrix],
  ['slice of rows', (x) => tf.slice(x, 1, 2), matrix],
  ['slice to the end', (x) => tf.slice(x, 1), { shape: [5] }],
  ['slice of leading axes', (x) => tf.slice(x, [1], [1]), { shape: [3, 2, 2] }],
  ['concat', (a, b) => tf.concat([a, b], -1), matrix, { shape: [3, 2] }],
  ['split', (x) => tf.split(x, [1, 3], 1)[1] ?? x, matrix],
  ['unstack', (x) => tf.unstack(x, 1)[2] ?? x, matrix],
  ['stack', (a, b) => tf.stack([a, b], 1), matrix, matrix],
  ['tile', (x) => tf.tile(x, [2, 3]), matrix],
  ['reverse', (x) => tf.reverse(x, 1), matrix],
  ['gather', (x) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), 1), matrix],
  ['fill', (x) => tf.add(x, tf.fill([3, 4], 0.5)), matrix],
  ['fill with whole numbers', (x) => tf.add(x, float(tf.fill([4], 1.7, 'int32'))), matrix],
  [
    'fill with truth values',
    (x) => tf.add(x, float(tf.stack([false, true, 0].map((value) => filledWith(value))))),
    matrix,
  ],
  ['large splat as a value', (x) => tf.matMul(x, tf.ones([4, 9])), matrix],
  ['sum of all', (x) => tf.sum(x), matrix],
  ['sum of leading axes', (x) => tf.sum(x, [0, 1]), { shape: [2, 3, 4] }],
  ['sum of leading axes, kept', (x) => tf.sum(x, [0, 1], true), { shape: [2, 3, 4] }],
  ['sum of inner axes', (x) => tf.sum(x, [1, 2]), { shape: [2, 3, 4] }],
  ['sum of equal numbers', (x) => tf.add(x, tf.sum(tf.ones([7, 4]), 0)), matrix],
  ['sum of an axis of one', (x) => tf.sum(x, 1), { shape: [3, 1, 2] }],
  ['mean', (x) => tf.mean(x, [0, 2]), { shape: [2, 3, 4] }],
  ['mean, kept', (x) => tf.mean(x, -1, true), matrix],
  ['max', (x) => tf.max(x, 1), matrix],
  ['min', (x) => tf.min(x, 0), matrix],
  ['moments', (x) => tf.moments(x, [0, 1]).variance, { shape: [4, 3, 2] }],
  ['matMul', (a, b) => tf.matMul(a, b), matrix, { shape: [4, 5] }],
  ['matMul, both transposed', (a, b) => tf.matMul(a, b, true, true), matrix, { shape: [5, 3] }],
  ['matMul of batches', (a, b) => tf.matMul(a, b), { shape: [2, 3, 4] }, { shape: [2, 4, 5] }],
  [
    'matMul of batches, transposed',
    (a, b) => tf.matMul(a, b, false, true),
    { shape: [2, 3, 4] },
    { shape: [2, 5, 4] },
  ],
  [
    'matMul of one batch',
    (a, b) => tf.matMul(a, b, true),
    { shape: [1, 4, 3] },
    { shape: [1, 4, 5] },
  ],
  ['product of int32 matrices', (a, b) => wholeProduct(a, b), matrix, { shape: [4, 5] }],
  [
    'product of int32 matrices, both transposed',
    (a, b) => wholeProduct(a, b, true, true),
    matrix,
    { shape: [5, 3] },
  ],
  [
    'product of int32 batches',
    (a, b) => wholeProduct(a, b),
    { shape: [2, 3, 4] },
    { shape: [2, 4, 5] },
  ],
  [
    'product of int32 batches, transposed',
    (a, b) => wholeProduct(a, b, true, true),
    { shape: [2, 4, 3] },
    { shape: [1, 5, 4] },
  ],
  [
    'arithmetic of truth values',
    (a, b) => {
      const [x, y] = [tf.greater(a, 0), tf.greater(b, 0)];
      const functions = [tf.add, tf.sub, tf.mul, tf.squaredDifference];
      const results = [...functions.map((compute) => compute(x, y)), tf.addN([x, y])];
      for (const { dtype } of results) expect(dtype).toBe('bool');
      // The CPU backend keeps a sum of 2 as it is.
      return float(tf.stack(results.map((result) => tf.notEqual(result, tf.zerosLike(x)))));
    },
    matrix,
    { shape: [3, 4], values: [1, -1, 1, -1, 1, 1, -1, -1, 1, -1, 1, -1] },
  ],
  ['a matrix times a batch of one', (a, b) => tf.matMul(a, b), matrix, { shape: [1, 4, 5] }],
  ['dot of vectors', (a, b) => tf.dot(a, b), { shape: [6] }, positive],
  [
    'floorDiv, whose result is int32',
    (a, b) => {
      const quotient = tf.floorDiv(a, b);
      expect(quotient.dtype).toBe('int32');
      return float(quotient);
    },
    matrix,
    { shape: [4], values: [0.3, -0.7, 2, -3] },
  ],
  ['mod', (a, b) => tf.mod(a, b), matrix, { shape: [4], values: [0.3, -0.7, 2, -3] }],
  ['int32 arithmetic', (a) => float(tf.floorDiv(int(tf.mul(a, 9)), tf.scalar(2, 'int32'))), matrix],
  ['atan2', (a, b) => tf.atan2(a, b), matrix, matrix],
  ['prelu', (x, a) => tf.prelu(x, a), matrix, { shape: [4] }],
  ['erf', (x) => tf.erf(x), matrix],
  ['round', (x) => tf.round(x), { shape: [5], values: [-1.5, -0.5, 0.5, 1.5, 2.4] }],
  ['ceil', (x) => tf.ceil(x), matrix],
  ['isNaN', (x) => float(tf.isNaN(tf.log(x))), signs],
  ['isInf', (x) => float(tf.isInf(tf.div(1, x))), signs],
  ['isFinite', (x) => float(tf.isFinite(tf.div(1, x))), signs],
  ['notEqual', (a) => float(tf.notEqual(a, 0.5)), signs],
  ['logicalXor', (a) => float(tf.logicalXor(tf.less(a, 1), tf.greater(a, -1))), signs],
  ['all', (x) => float(tf.all(tf.greater(x, -1), 1)), matrix],
  ['any', (x) => float(tf.any(tf.greater(x, 1), 0)), matrix],
  ['argMax', (x) => float(tf.argMax(x, 1)), matrix],
  ['argMin', (x) => float(tf.argMin(x, 0)), matrix],
  ['prod', (x) => tf.prod(x, 1), matrix],
  ['mean of int32', (x) => tf.mean(int(tf.mul(x, 9)), 1), matrix],
  ['cumprod', (x) => tf.cumprod(x, 1, true, true), matrix],
  ['oneHot', (x) => float(tf.oneHot(int(x), 3, 2, -1)), { shape: [4], values: [0, 2, -1, 5] }],
  [
    'gatherND',
    (x) =>
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [2, 1],
            [0, 3],
          ],
          [2, 2],
          'int32',
        ),
      ),
    matrix,
  ],
  [
    'scatterND',
    (x) => tf.scatterND(tf.tensor2d([[4], [1], [4]], [3, 1], 'int32'), x, [5, 4]),
    matrix,
  ],
  [
    'tensorScatterUpdate',
    (x) => tf.tensorScatterUpdate(x, tf.tensor2d([[1]], [1, 1], 'int32'), tf.ones([1, 4])),
    matrix,
  ],
  [
    'gather along batches',
    (x) =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [3, 0],
            [1, 1],
            [2, 0],
          ],
          [3, 2],
          'int32',
        ),
        1,
        1,
      ),
    matrix,
  ],
  [
    'unsortedSegmentSum',
    (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, -1, 1], 'int32'), 3),
    matrix,
  ],
  [
    'unsortedSegmentSum with ids of no segment',
    (x) => tf.unsortedSegmentSum(x, tf.tensor1d([3, 2, 1000], 'int32'), 3),
    matrix,
  ],
  [
    'mirrorPad',
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [2, 1],
        ],
        'reflect',
      ),
    matrix,
  ],
  [
    'mirrorPad, symmetric',
    (x) =>
      tf.mirrorPad(
        x,
        [
          [2, 1],
          [1, 3],
        ],
        'symmetric',
      ),
    matrix,
  ],
  ['stridedSlice', (x) => tf.stridedSlice(x, [2, 3], [0, 0], [-1, -2]), matrix],
  ['depthToSpace', (x) => tf.depthToSpace(x as tf.Tensor4D, 2), { shape: [2, 3, 1, 8] }],
  ['range and linspace', (x) => tf.add(x, tf.mul(tf.range(0, 8, 2), tf.linspace(1, 2, 4))), matrix],
  [
    'equal numbers through it all',
    (x) =>
      tf.add(
        x,
        tf.cumsum(
          tf.tile(
            tf.pad(tf.ones([2, 3]), [
              [0, 1],
              [1, 0],
            ]),
            [1, 1],
          ),
          1,
        ),
      ),
    matrix,
  ],
  [
    'fused dense',
    (x, w, b) => tf.fused.matMul({ a: x, b: w, bias: b, activation: 'relu' }),
    matrix,
    { shape: [4, 2] },
    { shape: [2] },
  ],
  [
    'fused conv2d',
    (x, w, b) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: w as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias: b,
        activation: 'leakyrelu',
        leakyreluAlpha: 0.3,
      }),
    { shape: [1, 4, 5, 2] },
    { shape: [3, 3, 2, 3] },
    { shape: [3] },
  ],
  [
    'fused depthwiseConv2d',
    (x, w, b) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: w as tf.Tensor4D,
        strides: 1,
        pad: 'valid',
        bias: b,
        activation: 'relu6',
      }),
    { shape: [1, 4, 5, 2] },
    { shape: [3, 3, 2, 2] },
    { shape: [4] },
  ],
  [
    'pooling in padding only',
    (x) => tf.maxPool(x as tf.Tensor4D, 2, 3, 1),
    { shape: [1, 5, 5, 2] },
  ],
];

describe('a compiled kernel agrees with the CPU backend', () => {
  it.each(cases)('%s', async (_name, step, ...inputs) => {
    await expectSame((...tensors) => [step(...tensors)], inputs);
  });

  it('log1p loses no digits near 0, and none far from it', async () => {
    const values = [
      1e-30, -1e-30, 1.8e-7, -3e-6, 9.9e-5, 1.01e-4, -1.01e-4, 3e-4, 0.02, -0.3, 7, 1e30,
    ];
    const x = Float32Array.from(values);
    const inputs = [{ shape: [x.length], values }];
    const [received = x] = await runCompiled((at) => [tf.log1p(at)], inputs);
    received.forEach((value, i) => {
      const right = Math.log1p(x[i] ?? NaN);
      expect(Math.abs(value / right - 1), `at ${x[i]}`).toBeLessThan(4e-7);
    });
  });

  it('log1p of -1, 0 and infinity', async () => {
    const special = (x: tf.Tensor) => {
      const result = tf.log1p(tf.stack([tf.sub(x, 1), x, tf.div(1, x)]));
      return [tf.isInf(result), tf.greater(result, 0), tf.equal(result, 0)].map(float);
    };
    await expectSame(special, [{ shape: [1], values: [0] }]);
  });

  it.each(
    cases.filter(([name]) =>
      /mul|div|pow|tanh|softplus|matMul|mean|sum|pad|concat|stack|square/.test(name),
    ),
  )('gradient of %s', async (_name, step, ...inputs) => {
    const gradient = (...tensors: tf.Tensor[]) =>
      tf.grads((...values: tf.Tensor[]) => tf.sum<tf.Scalar>(tf.square(step(...values))))(tensors);
    await expectSame(gradient, inputs, 1e-4);
  });
});
