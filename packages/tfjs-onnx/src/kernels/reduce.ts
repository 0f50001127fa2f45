import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { kernel } from './register.js';
import { reduceRows } from './wide-rows.js';

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
  const [start = 0] = axes;
  const isBlock = axes.every((axis, i) => axis === start + i);
  const groups = util.sizeFromShape(x.shape.slice(0, start));
  const channels = util.sizeFromShape(x.shape.slice(start + axes.length));
  if (!isBlock || channels === 1) {
    const value = graph.op(onnxType, [trace.value(x), graph.ints(axes)], {
      keepdims: shape.length === x.shape.length ? 1 : 0,
    });
    return trace.tensor(value, shape, x.dtype);
  }
  // Reducing the rows of matrices is much faster than several axes.
  const rows = util.sizeFromShape(x.shape) / groups / channels;
  const flat = reduceRows(trace, onnxType, x, { groups, rows, channels });
  const reduced = groups === 1 ? [channels] : [groups, channels];
  return trace.alias(trace.tensor(flat, reduced, x.dtype), shape);
}

function allAxes({ shape }: TensorInfo): number[] {
  return shape.map((_, axis) => axis);
}

/** TensorFlow.js casts to float32 before it takes a mean. */
function notFloat({ dtype }: TensorInfo): TypeError {
  return new TypeError(`Expected a float32 tensor for mean but received ${dtype}; cast it first.`);
}
