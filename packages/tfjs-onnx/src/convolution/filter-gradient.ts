import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { hasFewOutputs } from './choose-lowering.js';
import { inputColumns } from './forward.js';
import { gatherColumns } from './gather-columns.js';
import { tapsOf, type Geometry } from './geometry.js';

/** The gradient of a convolution with respect to its filter: columns transposed times `dy`. */
export function filterGradient(
  trace: Trace,
  x: TensorInfo,
  dy: TensorInfo,
  geometry: Geometry,
): TensorInfo {
  const { batch, input, output, filter } = geometry;
  const shape = [...filter, input[2], output[2]];
  if (hasFewOutputs(geometry)) return gradientFromOutputColumns(trace, x, dy, geometry, shape);
  const rows = batch * output[0] * output[1];
  const gradient = trace.graph.op(
    'Gemm',
    [inputColumns(trace, x, geometry), trace.reshaped(dy, [rows, output[2]])],
    { transA: 1 },
  );
  return trace.alias(
    trace.tensor(gradient, [filter[0] * filter[1] * input[2], output[2]], x.dtype),
    shape,
  );
}

/** The same with the columns of `dy`, which are narrower where the output has few channels. */
function gradientFromOutputColumns(
  trace: Trace,
  x: TensorInfo,
  dy: TensorInfo,
  geometry: Geometry,
  shape: readonly number[],
): TensorInfo {
  const { graph } = trace;
  const { batch, input, output, padTop, padLeft } = geometry;
  const taps = tapsOf(geometry);
  const columns = gatherColumns(
    trace,
    trace.value(dy),
    { batch, height: output[0], width: output[1], channels: output[2] },
    { rows: input[0], columns: input[1], stride: 1 },
    taps.map(([row, column]) => [padTop - row, padLeft - column]),
  );
  const pixels = trace.reshaped(x, [batch * input[0] * input[1], input[2]]);
  const product = graph.op('Gemm', [pixels, columns], { transA: 1 }); // [inputs, taps * outputs]
  const split = graph.op('Reshape', [product, graph.ints([input[2], taps.length, output[2]])]);
  const gradient = graph.op('Transpose', [split], { perm: [1, 0, 2] });
  return trace.alias(trace.tensor(gradient, [taps.length, input[2], output[2]], x.dtype), shape);
}
