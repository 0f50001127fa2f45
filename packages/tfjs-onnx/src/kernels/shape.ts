import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { apply } from './apply.js';
import { kernel } from './register.js';

interface Unary {
  x: TensorInfo;
}

/** Registers the operations that change a tensor's shape or the order of its elements. */
export function registerShape(): void {
  kernel<Unary>('Identity', (trace, { x }) => trace.alias(x, x.shape));
  kernel<Unary, { shape: number[] }>('Reshape', (trace, { x }, { shape }) =>
    trace.alias(x, util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape))),
  );
  kernel<{ input: TensorInfo }, { dim: number }>('ExpandDims', (trace, { input }, { dim }) => {
    const rank = input.shape.length;
    if (dim < -(rank + 1) || dim > rank) {
      throw new RangeError(`Expected an axis in [${-(rank + 1)}, ${rank}] but received ${dim}.`);
    }
    const shape = [...input.shape];
    shape.splice(dim < 0 ? rank + dim + 1 : dim, 0, 1);
    return trace.alias(input, shape);
  });
  kernel<Unary, { perm: number[] }>('Transpose', (trace, { x }, { perm }) => {
    const shape = perm.map((axis) => x.shape[axis] ?? 1);
    const splat = trace.splatOf(x);
    if (splat !== undefined) return trace.splat(splat, shape, x.dtype);
    return trace.tensor(trace.graph.op('Transpose', [trace.value(x)], { perm }), shape, x.dtype);
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
  kernel<Unary, { dims: number | number[] }>('Reverse', (trace, { x }, { dims }) => {
    if (x.shape.length === 0) return trace.alias(x, x.shape);
    const { graph } = trace;
    const axes = util.parseAxisParam(dims, x.shape);
    const bounds = [axes.map(() => -1), axes.map(() => -(2 ** 31)), axes, axes.map(() => -1)];
    const inputs = [trace.value(x), ...bounds.map((values) => graph.ints(values))];
    return trace.tensor(graph.op('Slice', inputs), x.shape, x.dtype);
  });
  kernel<Unary, { blockShape: number[]; paddings: number[][] }>(
    'SpaceToBatchND',
    (trace, { x }, { blockShape, paddings }) => {
      const size = util.sizeFromShape(blockShape);
      const all = x.shape.map((_, axis) => paddings[axis - 1] ?? [0, 0]);
      const padded = apply(trace, 'PadV2', { x }, { paddings: all, constantValue: 0 });
      const split = backend_util.getReshaped(padded.shape, blockShape, size, false);
      const perm = backend_util.getPermuted(split.length, blockShape.length, false);
      const shape = backend_util.getReshapedPermuted(padded.shape, blockShape, size, false);
      return rearrange(trace, padded, split, perm, shape);
    },
  );
  kernel<Unary, { blockShape: number[]; crops: number[][] }>(
    'BatchToSpaceND',
    (trace, { x }, { blockShape, crops }) => {
      const size = util.sizeFromShape(blockShape);
      const split = backend_util.getReshaped(x.shape, blockShape, size);
      const perm = backend_util.getPermuted(split.length, blockShape.length);
      const whole = backend_util.getReshapedPermuted(x.shape, blockShape, size);
      const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
      const shape = backend_util.getSliceSize(whole, crops, blockShape.length);
      return apply(
        trace,
        'Slice',
        { x: rearrange(trace, x, split, perm, whole) },
        { begin, size: shape },
      );
    },
  );
  kernel<Unary, { blockSize: number; dataFormat: 'NHWC' | 'NCHW' }>(
    'DepthToSpace',
    (trace, { x }, { blockSize: block, dataFormat }) => {
      const isLast = dataFormat === 'NHWC';
      const [batch = 1, ...rest] = x.shape;
      const [height = 1, width = 1] = isLast ? rest : rest.slice(1);
      const depth = ((isLast ? rest[2] : rest[0]) ?? 1) / block ** 2;
      return isLast
        ? rearrange(
            trace,
            x,
            [batch, height, width, block, block, depth],
            [0, 1, 3, 2, 4, 5],
            [batch, height * block, width * block, depth],
          )
        : rearrange(
            trace,
            x,
            [batch, block, block, depth, height, width],
            [0, 3, 4, 1, 5, 2],
            [batch, depth, height * block, width * block],
          );
    },
  );
}

/** Splits axes, puts them in another order and joins them. */
function rearrange(
  trace: Trace,
  x: TensorInfo,
  split: readonly number[],
  perm: readonly number[],
  shape: readonly number[],
): TensorInfo {
  return trace.alias(apply(trace, 'Transpose', { x: trace.alias(x, split) }, { perm }), shape);
}
