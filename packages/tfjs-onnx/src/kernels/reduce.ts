import { util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { asType, castValue, valueAs } from './cast.js';
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
  reduction('Prod', 'ReduceProd', (value, count) => value ** count);
  reduction('All', 'ReduceMin', (value) => value);
  reduction('Any', 'ReduceMax', (value) => value);
  position('ArgMax');
  position('ArgMin');
}

/** @param fold the reduction of `count` equal values */
function reduction(
  name: string,
  onnxType: string,
  fold: (value: number, count: number) => number,
): void {
  kernel<{ x: TensorInfo }, Axes>(name, (trace, { x }, { axis, reductionIndices, keepDims }) => {
    const axes = util.parseAxisParam(axis ?? reductionIndices ?? allAxes(x), x.shape);
    const count = axes.reduce((product, one) => product * (x.shape[one] ?? 1), 1);
    const shape = x.shape.flatMap((length, i) =>
      axes.includes(i) ? (keepDims ? [1] : []) : [length],
    );
    const dtype = resultType(name, x.dtype);
    const splat = trace.splatOf(x);
    if (splat !== undefined) return trace.splat(fold(splat, count), shape, dtype);
    if (count === 1 && dtype === x.dtype) return trace.alias(x, shape);
    const numbers = asType(trace, x, dtype === 'float32' ? dtype : 'int32');
    return asType(trace, reduce(trace, onnxType, numbers, axes, shape), dtype);
  });
}

function resultType(name: string, dtype: DataType): DataType {
  if (name === 'Mean') return 'float32';
  return dtype === 'bool' && ['Sum', 'Prod'].includes(name) ? 'int32' : dtype;
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
  if (!isBlock || channels <= 1 || util.sizeFromShape(x.shape) === 0) {
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

/** The position of the first largest or smallest element along an axis, int32. */
function position(name: 'ArgMax' | 'ArgMin'): void {
  kernel<{ x: TensorInfo }, { axis: number | number[] }>(name, (trace, { x }, { axis }) => {
    const [along = 0] = util.parseAxisParam(axis, x.shape);
    const shape = x.shape.filter((_, i) => i !== along);
    const value = x.dtype === 'bool' ? valueAs(trace, x, 'int32') : trace.value(x);
    const at = trace.graph.op(name, [value], { axis: along, keepdims: 0 });
    return trace.tensor(castValue(trace, at, 'int32'), shape, 'int32');
  });
}

function allAxes({ shape }: TensorInfo): number[] {
  return shape.map((_, axis) => axis);
}
