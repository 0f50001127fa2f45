import { util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { kernel } from './register.js';

interface Unary {
  x: TensorInfo;
}

/** Registers the operations that move elements or make constants. */
export function registerShape(): void {
  kernel<Unary>('Identity', (trace, { x }) => trace.alias(x, x.shape));
  kernel<Unary, { shape: number[] }>('Reshape', (trace, { x }, { shape }) =>
    trace.alias(x, util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape))),
  );
  kernel<{ input: TensorInfo }, { dim: number }>('ExpandDims', (trace, { input }, { dim }) => {
    const shape = [...input.shape];
    shape.splice(dim < 0 ? shape.length + dim + 1 : dim, 0, 1);
    return trace.alias(input, shape);
  });
  kernel<Unary, { perm: number[] }>('Transpose', (trace, { x }, { perm }) => {
    const shape = perm.map((axis) => x.shape[axis] ?? 1);
    const splat = trace.splatOf(x);
    if (splat !== undefined) return trace.splat(splat, shape, x.dtype);
    return trace.tensor(trace.graph.op('Transpose', [trace.value(x)], { perm }), shape, x.dtype);
  });
  kernel<object, { shape: number[]; value: number; dtype?: DataType }>(
    'Fill',
    (trace, _inputs, { shape, value, dtype }) => trace.splat(value, shape, dtype ?? 'float32'),
  );
  kernel<Unary>('ZerosLike', (trace, { x }) => trace.splat(0, x.shape, x.dtype));
  kernel<Unary>('OnesLike', (trace, { x }) => trace.splat(1, x.shape, x.dtype));
  kernel<Unary, { paddings: [number, number][]; constantValue: number }>(
    'PadV2',
    (trace, { x }, { paddings, constantValue }) => {
      const { graph } = trace;
      const pads = graph.ints([
        ...paddings.map(([before]) => before),
        ...paddings.map(([, after]) => after),
      ]);
      const shape = x.shape.map(
        (length, axis) => length + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0),
      );
      return trace.tensor(
        graph.op('Pad', [trace.value(x), pads, graph.float(constantValue)]),
        shape,
        x.dtype,
      );
    },
  );
  kernel<Unary, { begin: number | number[]; size: number | number[] }>(
    'Slice',
    (trace, { x }, { begin, size }) => {
      // Numbers and short lists speak of the leading axes.
      const [begins, sizes] = [[begin].flat(), [size].flat()];
      const starts = x.shape.map((_, axis) => begins[axis] ?? 0);
      const shape = x.shape.map((length, axis) => {
        const wanted = sizes[axis] ?? -1;
        return wanted < 0 ? length - (starts[axis] ?? 0) : wanted;
      });
      return slice(trace, x, starts, shape);
    },
  );
  kernel<Unary, { numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    (trace, { x }, { numOrSizeSplits, axis }) => {
      const along = axis < 0 ? x.shape.length + axis : axis;
      const length = x.shape[along] ?? 0;
      const sizes =
        typeof numOrSizeSplits === 'number'
          ? new Array<number>(numOrSizeSplits).fill(length / numOrSizeSplits)
          : numOrSizeSplits;
      return slicesAlong(trace, x, along, sizes);
    },
  );
  kernel<{ value: TensorInfo }, { axis: number }>('Unpack', (trace, { value }, { axis }) => {
    const along = axis < 0 ? value.shape.length + axis : axis;
    const sizes = new Array<number>(value.shape[along] ?? 0).fill(1);
    const shape = value.shape.filter((_, i) => i !== along);
    return slicesAlong(trace, value, along, sizes).map((part) => trace.alias(part, shape));
  });
  kernel<Record<number, TensorInfo>, { axis: number }>('Concat', (trace, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    const [first] = tensors;
    if (!first) throw new RangeError('Expected at least one tensor for Concat but received none.');
    const along = axis < 0 ? first.shape.length + axis : axis;
    const shape = [...first.shape];
    shape[along] = tensors.reduce((sum, tensor) => sum + (tensor.shape[along] ?? 0), 0);
    const values = tensors.map((tensor) => trace.value(tensor));
    return trace.tensor(trace.graph.op('Concat', values, { axis: along }), shape, first.dtype);
  });
  kernel<Record<number, TensorInfo>, { axis: number }>('Pack', (trace, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    const [first] = tensors;
    if (!first) throw new RangeError('Expected at least one tensor for Pack but received none.');
    const along = axis < 0 ? first.shape.length + 1 + axis : axis;
    const single = [...first.shape];
    single.splice(along, 0, 1);
    const shape = single.map((length, i) => (i === along ? tensors.length : length));
    const values = tensors.map((tensor) => trace.reshaped(tensor, single));
    return trace.tensor(trace.graph.op('Concat', values, { axis: along }), shape, first.dtype);
  });
  kernel<Unary, { reps: number[] }>('Tile', (trace, { x }, { reps }) => {
    const shape = x.shape.map((length, axis) => length * (reps[axis] ?? 1));
    const splat = trace.splatOf(x);
    if (splat !== undefined) return trace.splat(splat, shape, x.dtype);
    return trace.tensor(
      trace.graph.op('Tile', [trace.value(x), trace.graph.ints(reps)]),
      shape,
      x.dtype,
    );
  });
  kernel<Unary, { dims: number[] }>('Reverse', (trace, { x }, { dims }) => {
    const { graph } = trace;
    const axes = util.parseAxisParam(dims, x.shape);
    const bounds = [axes.map(() => -1), axes.map(() => -(2 ** 31)), axes, axes.map(() => -1)];
    const inputs = [trace.value(x), ...bounds.map((values) => graph.ints(values))];
    return trace.tensor(graph.op('Slice', inputs), x.shape, x.dtype);
  });
  kernel<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims?: number }>(
    'GatherV2',
    (trace, { x, indices }, { axis, batchDims = 0 }) => {
      if (batchDims !== 0) {
        throw new RangeError(`Expected a gather without batch axes but received ${batchDims}.`);
      }
      const along = axis < 0 ? x.shape.length + axis : axis;
      const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
      const inputs = [trace.value(x), trace.value(indices)];
      return trace.tensor(trace.graph.op('Gather', inputs, { axis: along }), shape, x.dtype);
    },
  );
}

function slice(
  trace: Trace,
  x: TensorInfo,
  starts: readonly number[],
  shape: readonly number[],
): TensorInfo {
  const { graph } = trace;
  const ends = starts.map((start, axis) => start + (shape[axis] ?? 0));
  const axes = starts.map((_, axis) => axis);
  const bounds = [starts, ends, axes].map((values) => graph.ints(values));
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
