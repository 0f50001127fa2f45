import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { it } from 'vitest';
import { expectSame } from './run-both.js';

const four = (x: tf.Tensor) => x as tf.Tensor4D;
const size = fc.integer({ min: 1, max: 9 });
const small = fc.integer({ min: 1, max: 3 });
const channels = fc.constantFrom(1, 2, 3, 9);
const pad = fc.constantFrom('same' as const, 'valid' as const);

/** A window over an image, where it fits; strides may be wider than the window. */
const window = fc
  .record({
    batch: fc.constantFrom(1, 2),
    height: size,
    width: size,
    channels,
    filter: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    pad,
  })
  .filter(
    ({ pad, filter, height, width }) =>
      pad === 'same' || (filter[0] <= height && filter[1] <= width),
  );

/** A function beside the gradients of the sum of its squares. */
function withGradients(compute: (...inputs: tf.Tensor[]) => tf.Tensor) {
  return (...inputs: tf.Tensor[]) => [
    compute(...inputs),
    ...tf.grads((...tensors: tf.Tensor[]) => tf.sum(tf.square(compute(...tensors))))(inputs),
  ];
}

async function holds<T>(
  values: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
  numRuns = 25,
): Promise<void> {
  await fc.assert(fc.asyncProperty(values, check), { numRuns, seed: 5 });
}

it('convolutions with two strides', () =>
  holds(fc.tuple(window, channels), async ([at, outputs]) => {
    const compute = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(four(x), four(w), at.strides, at.pad);
    await expectSame(withGradients(compute), [
      { shape: [at.batch, at.height, at.width, at.channels] },
      { shape: [...at.filter, at.channels, outputs] },
    ]);
  }));

it('dilated convolutions, which have no gradients in TensorFlow.js', () =>
  holds(fc.tuple(window, channels, small, small), async ([at, outputs, down, right]) => {
    const step = (x: tf.Tensor, w: tf.Tensor) => [
      tf.conv2d(four(x), four(w), 1, 'same', 'NHWC', [down, right]),
    ];
    await expectSame(step, [
      { shape: [at.batch, at.height, at.width, at.channels] },
      { shape: [...at.filter, at.channels, outputs] },
    ]);
  }));

it('depthwise convolutions', () =>
  holds(fc.tuple(window, small), async ([at, multiplier]) => {
    // The kernels of the CPU backend want equal strides for the gradients.
    const compute = (x: tf.Tensor, w: tf.Tensor) =>
      tf.depthwiseConv2d(four(x), four(w), at.strides[0], at.pad);
    await expectSame(withGradients(compute), [
      { shape: [at.batch, at.height, at.width, at.channels] },
      { shape: [...at.filter, at.channels, multiplier] },
    ]);
  }));

it('transposed convolutions', () =>
  holds(fc.tuple(window, channels), async ([at, outputs]) => {
    const [stride] = at.strides;
    const shape = [at.batch, at.height * stride, at.width * stride, outputs] as const;
    const compute = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2dTranspose(four(x), four(w), [...shape], stride, 'same');
    await expectSame(withGradients(compute), [
      { shape: [at.batch, at.height, at.width, at.channels] },
      { shape: [...at.filter, outputs, at.channels] },
    ]);
  }));

it('maximum pooling', () =>
  holds(window, async ({ batch, height, width, channels, filter, strides, pad }) => {
    const compute = (x: tf.Tensor) => tf.maxPool(four(x), filter, strides, pad);
    await expectSame(withGradients(compute), [{ shape: [batch, height, width, channels] }]);
  }));

it('average pooling, of whose gradients the CPU backend has the unpadded ones right', () =>
  holds(window, async ({ batch, height, width, channels, filter, strides, pad }) => {
    const compute = (x: tf.Tensor) => tf.avgPool(four(x), filter, strides, pad);
    const step = pad === 'valid' ? withGradients(compute) : (x: tf.Tensor) => [compute(x)];
    await expectSame(step, [{ shape: [batch, height, width, channels] }]);
  }));

it('resizing, whose gradients the CPU backend gets wrong for some shapes', () =>
  holds(
    fc.tuple(window, size, size, fc.boolean(), fc.boolean()),
    async ([{ batch, height, width, channels }, rows, columns, isBilinear, isAligned]) => {
      const resize = isBilinear ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor;
      const step = (x: tf.Tensor) => [resize(four(x), [rows, columns], isAligned)];
      await expectSame(step, [{ shape: [batch, height, width, channels] }]);
    },
  ));

const shape = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

it('reductions over any axes', () =>
  holds(
    shape.chain((lengths) =>
      fc.tuple(
        fc.constant(lengths),
        fc.subarray(lengths.map((_, axis) => axis)),
        fc.constantFrom(tf.sum, tf.mean, tf.max, tf.min),
        fc.boolean(),
      ),
    ),
    async ([lengths, axes, reduce, isKept]) => {
      const compute = (x: tf.Tensor) => reduce(x, axes, isKept);
      await expectSame(withGradients(compute), [{ shape: lengths }]);
    },
    50,
  ));

it('arithmetic with broadcasting', () =>
  holds(
    shape.chain((lengths) =>
      fc.tuple(
        fc.constant(lengths),
        fc.array(fc.boolean(), { minLength: lengths.length, maxLength: lengths.length }),
        fc.nat({ max: lengths.length }),
        fc.constantFrom(tf.add, tf.sub, tf.mul, tf.div, tf.maximum, tf.minimum, tf.prelu),
        fc.boolean(),
      ),
    ),
    async ([lengths, isOne, dropped, compute, isSwapped]) => {
      const other = lengths.map((length, axis) => (isOne[axis] ? 1 : length)).slice(dropped);
      const inputs = [{ shape: lengths }, { shape: other }];
      // These have no gradients for broadcast operands in TensorFlow.js.
      const step = ([tf.maximum, tf.minimum, tf.prelu] as unknown[]).includes(compute)
        ? (a: tf.Tensor, b: tf.Tensor) => [compute(a, b)]
        : withGradients((a: tf.Tensor, b: tf.Tensor) => compute(a, b));
      await expectSame(step, isSwapped ? inputs.reverse() : inputs, 1e-4);
    },
    50,
  ));

it('slices, padding, turning and joining', () =>
  holds(
    shape.chain((lengths) =>
      fc.tuple(
        fc.constant(lengths),
        fc.shuffledSubarray(
          lengths.map((_, axis) => axis),
          { minLength: lengths.length },
        ),
        fc.tuple(...lengths.map((length) => fc.nat({ max: length - 1 }))),
        fc.nat({ max: lengths.length - 1 }),
      ),
    ),
    async ([lengths, order, begin, axis]) => {
      const compute = (x: tf.Tensor) => {
        const turned = tf.transpose(x, order);
        const part = tf.slice(x, begin);
        const padded = tf.pad(
          part,
          begin.map((at): [number, number] => [at, 1]),
        );
        const both = tf.concat([part, tf.reverse(part, axis)], axis);
        return tf.add(tf.sum(tf.mul(both, 2)), tf.mul(tf.sum(tf.square(padded)), tf.sum(turned)));
      };
      await expectSame(withGradients(compute), [{ shape: lengths }], 1e-4);
    },
    40,
  ));

it('lookups and their sums by segment', () =>
  holds(
    fc.tuple(size, size, fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 12 })),
    async ([rows, columns, choices]) => {
      const indices = choices.map((choice) => choice % rows);
      const compute = (table: tf.Tensor) => tf.gather(table, tf.tensor1d(indices, 'int32'));
      await expectSame(withGradients(compute), [{ shape: [rows, columns] }]);
    },
  ));

it('matrix products', () =>
  holds(
    fc.tuple(size, size, size, fc.constantFrom(1, 3), fc.boolean(), fc.boolean()),
    async ([rows, inner, columns, batch, isTurnedA, isTurnedB]) => {
      const compute = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, isTurnedA, isTurnedB);
      await expectSame(withGradients(compute), [
        { shape: [batch, ...(isTurnedA ? [inner, rows] : [rows, inner])] },
        { shape: [batch, ...(isTurnedB ? [columns, inner] : [inner, columns])] },
      ]);
    },
  ));
