import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { kernel } from './register.js';

interface Axes {
  axis?: number | number[] | null;
  /** What Max calls its axes. */
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

/** Registers reductions. */
export function registerReduce(): void {
  reduction('Sum', 'ReduceSum', (value, count) => value * count);
  reduction('Mean', 'ReduceMean', (value) => value);
  reduction('Max', 'ReduceMax', (value) => value);
  reduction('Min', 'ReduceMin', (value) => value);
}

/** @param fold the reduction of `count` equal values */
function reduction(
  name: string,
  onnxType: string,
  fold: (value: number, count: number) => number,
): void {
  kernel<{ x: TensorInfo }, Axes>(name, (trace, { x }, { axis, reductionIndices, keepDims }) => {
    if (name === 'Mean' && x.dtype !== 'float32') throw notFloat(x);
    const axes = util.parseAxisParam(axis ?? reductionIndices ?? allAxes(x), x.shape);
    const count = axes.reduce((product, one) => product * (x.shape[one] ?? 1), 1);
    const shape = x.shape.flatMap((length, i) =>
      axes.includes(i) ? (keepDims ? [1] : []) : [length],
    );
    const splat = trace.splatOf(x);
    if (splat !== undefined) return trace.splat(fold(splat, count), shape, x.dtype);
    if (count === 1) return trace.alias(x, shape);
    return reduce(trace, onnxType, x, axes, shape);
  });
}

function reduce(
  trace: Trace,
  onnxType: string,
  x: TensorInfo,
  axes: readonly number[],
  shape: readonly number[],
): TensorInfo {
  const { graph } = trace;
  const isLeading = axes.length < x.shape.length && axes.every((axis, i) => axis === i);
  if (!isLeading) {
    const value = graph.op(onnxType, [trace.value(x), graph.ints(axes)], {
      keepdims: shape.length === x.shape.length ? 1 : 0,
    });
    return trace.tensor(value, shape, x.dtype);
  }
  // Reducing the rows of a matrix is much faster than several leading axes.
  const columns = util.sizeFromShape(x.shape.slice(axes.length));
  const rows = util.sizeFromShape(x.shape) / columns;
  const matrix = trace.reshaped(x, [rows, columns]);
  const sums = graph.op(onnxType, [matrix, graph.ints([0])], { keepdims: 0 });
  return trace.alias(trace.tensor(sums, [columns], x.dtype), shape);
}

function allAxes({ shape }: TensorInfo): number[] {
  return shape.map((_, axis) => axis);
}

/** TensorFlow.js casts to float32 before it takes a mean. */
function notFloat({ dtype }: TensorInfo): TypeError {
  return new TypeError(`Expected a float32 tensor for mean but received ${dtype}; cast it first.`);
}
