import { backend_util, slice_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { kernel } from './register.js';

interface Unary {
  x: TensorInfo;
}
interface StridedSlice {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/** Registers the operations that take parts of a tensor. */
export function registerSlice(): void {
  kernel<Unary, { begin: number | number[]; size: number | number[] }>(
    'Slice',
    (trace, { x }, { begin, size }) => {
      const [starts = [], shape = []] = slice_util.parseSliceParams(x, begin, size);
      slice_util.assertParamsValid(x, starts, shape);
      return slice(trace, x, starts, shape);
    },
  );
  kernel<Unary, StridedSlice>('StridedSlice', (trace, { x }, attributes) => {
    const { begin, end, strides } = attributes;
    const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
    const info = slice_util.sliceInfo(
      x.shape,
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    if (info.isIdentity) return trace.alias(x, info.finalShape);
    const shape = slice_util.computeOutShape(info.begin, info.end, info.strides);
    return trace.alias(slice(trace, x, info.begin, shape, info.strides), info.finalShape);
  });
  kernel<Unary, { numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    (trace, { x }, { numOrSizeSplits, axis }) => {
      const [along = 0] = util.parseAxisParam(axis, x.shape);
      const sizes = backend_util.prepareSplitSize(x, numOrSizeSplits, along);
      return slicesAlong(trace, x, along, sizes);
    },
  );
  kernel<{ value: TensorInfo }, { axis: number }>('Unpack', (trace, { value }, { axis }) => {
    const along = axis < 0 ? value.shape.length + axis : axis;
    const sizes = new Array<number>(value.shape[along] ?? 0).fill(1);
    const shape = value.shape.filter((_, i) => i !== along);
    return slicesAlong(trace, value, along, sizes).map((part) => trace.alias(part, shape));
  });
}

function slice(
  trace: Trace,
  x: TensorInfo,
  starts: readonly number[],
  shape: readonly number[],
  steps: readonly number[] = shape.map(() => 1),
): TensorInfo {
  const { graph } = trace;
  if (shape.length === 0) return trace.alias(x, shape);
  const ends = starts.map((start, axis) => {
    const end = start + (shape[axis] ?? 0) * (steps[axis] ?? 1);
    // Below 0 would count from the end.
    return end < 0 ? -(2 ** 31) : end;
  });
  const bounds = [starts, ends, starts.map((_, axis) => axis), steps].map((values) =>
    graph.ints(values),
  );
  return trace.tensor(graph.op('Slice', [trace.value(x), ...bounds]), shape, x.dtype);
}

/** Consecutive parts of the given sizes along one axis. */
function slicesAlong(
  trace: Trace,
  x: TensorInfo,
  along: number,
  sizes: readonly number[],
): TensorInfo[] {
  let at = 0;
  return sizes.map((size) => {
    const starts = x.shape.map((_, axis) => (axis === along ? at : 0));
    at += size;
    return slice(
      trace,
      x,
      starts,
      x.shape.map((length, axis) => (axis === along ? size : length)),
    );
  });
}
