import { backend_util, util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import { elementType, type Trace } from '../trace.js';
import { apply } from './apply.js';
import { castValue } from './cast.js';
import { kernel } from './register.js';

/** Registers the operations that look up or add up by index. */
export function registerGather(): void {
  kernel<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims?: number }>(
    'GatherV2',
    (trace, { x, indices }, { axis, batchDims = 0 }) => {
      const [along = 0] = util.parseAxisParam(axis, x.shape);
      const info = backend_util.segment_util.collectGatherOpShapeInfo(x, indices, along, batchDims);
      return info.batchSize === 1 && batchDims === 0
        ? gather(trace, x, indices, along)
        : gatherBatches(trace, x, indices, info);
    },
  );
  kernel<{ params: TensorInfo; indices: TensorInfo }>('GatherNd', (trace, { params, indices }) => {
    const depth = indices.shape.at(-1) ?? 1;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    const at = castValue(trace, trace.value(indices), 'int64');
    const value = trace.graph.op('GatherND', [trace.value(params), at]);
    return trace.tensor(value, shape, params.dtype);
  });
  kernel<{ indices: TensorInfo; updates: TensorInfo }, { shape: number[] }>(
    'ScatterNd',
    (trace, { indices, updates }, { shape }) => {
      const zeros = trace.splat(0, shape, updates.dtype);
      return scatter(trace, zeros, indices, updates, 'add');
    },
  );
  kernel<{ tensor: TensorInfo; indices: TensorInfo; updates: TensorInfo }>(
    'TensorScatterUpdate',
    (trace, { tensor, indices, updates }) => scatter(trace, tensor, indices, updates, 'none'),
  );
  kernel<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>(
    'UnsortedSegmentSum',
    (trace, { x, segmentIds }, { numSegments }) => {
      const inner = x.shape.slice(segmentIds.shape.length);
      const { graph } = trace;
      // Ids of no segment are dropped: they go to a row behind the last, which is cut off.
      const id = trace.value(segmentIds);
      const zero = graph.constant([0], [], 'int32');
      const spare = graph.constant([numSegments], [], 'int32');
      const known = graph.op('Where', [graph.op('Less', [id, zero]), spare, id]);
      const kept = graph.op('Min', [known, spare]);
      const ids = trace.tensor(kept, segmentIds.shape, 'int32');
      const zeros = trace.splat(0, [numSegments + 1, ...inner], x.dtype);
      const sums = scatter(trace, zeros, trace.alias(ids, [...ids.shape, 1]), x, 'add');
      const size = [numSegments, ...inner];
      return apply(trace, 'Slice', { x: sums }, { begin: size.map(() => 0), size });
    },
  );
  kernel<
    { indices: TensorInfo },
    { depth: number; onValue: number; offValue: number; dtype: DataType }
  >('OneHot', (trace, { indices }, { depth, onValue, offValue, dtype }) => {
    const { graph } = trace;
    const places = graph.constant(
      Int32Array.from({ length: depth }, (_, i) => i),
      [depth],
      'int32',
    );
    const isHot = graph.op('Equal', [trace.reshaped(indices, [...indices.shape, 1]), places]);
    const type = dtype === 'bool' ? 'int32' : elementType(dtype);
    const [on, off] = [onValue, offValue].map((value) => graph.constant([value], [], type));
    const value = graph.op('Where', [isHot, on ?? '', off ?? '']);
    const result = dtype === 'bool' ? castValue(trace, value, 'bool') : value;
    return trace.tensor(result, [...indices.shape, depth], dtype);
  });
}

function gather(trace: Trace, x: TensorInfo, indices: TensorInfo, axis: number): TensorInfo {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const inputs = [trace.value(x), trace.value(indices)];
  return trace.tensor(trace.graph.op('Gather', inputs, { axis }), shape, x.dtype);
}

/** Looks up in every batch by itself: as one lookup in all batches, with indices moved to their batch. */
function gatherBatches(
  trace: Trace,
  x: TensorInfo,
  indices: TensorInfo,
  info: ReturnType<typeof backend_util.segment_util.collectGatherOpShapeInfo>,
): TensorInfo {
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
  const count = util.sizeFromShape(indices.shape) / batchSize;
  const split = trace.alias(x, [batchSize, outerSize, dimSize, sliceSize]);
  const first = apply(trace, 'Transpose', { x: split }, { perm: [0, 2, 1, 3] });
  const table = trace.alias(first, [batchSize * dimSize, outerSize, sliceSize]);
  const offsets = Int32Array.from({ length: batchSize }, (_, batch) => batch * dimSize);
  const moved = trace.graph.op('Add', [
    trace.reshaped(indices, [batchSize, count]),
    trace.graph.constant(offsets, [batchSize, 1], 'int32'),
  ]);
  const found = gather(trace, table, trace.tensor(moved, [batchSize, count], 'int32'), 0);
  const ordered = apply(trace, 'Transpose', { x: found }, { perm: [0, 2, 1, 3] });
  return trace.alias(ordered, outputShape);
}

/** Writes or adds `updates` at `indices`, whose last axis counts through the leading axes of `x`. */
function scatter(
  trace: Trace,
  x: TensorInfo,
  indices: TensorInfo,
  updates: TensorInfo,
  reduction: 'add' | 'none',
): TensorInfo {
  // A vector of indices counts through the first axis.
  const shape = indices.shape.length === 1 ? [...indices.shape, 1] : indices.shape;
  const at = castValue(trace, trace.reshaped(indices, shape), 'int64');
  const inner = x.shape.slice(shape.at(-1) ?? 1);
  const values = trace.reshaped(updates, [...shape.slice(0, -1), ...inner]);
  const value = trace.graph.op('ScatterND', [trace.value(x), at, values], {
    reduction: { string: reduction },
  });
  return trace.tensor(value, x.shape, x.dtype);
}
