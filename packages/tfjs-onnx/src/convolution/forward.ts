import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { gatherColumns } from './gather-columns.js';
import { tapsOf, type Geometry } from './geometry.js';
import { toNchw, toNhwc } from './layout.js';
import { hasFewOutputs } from './choose-lowering.js';

/** Convolution: columns times filter, or the runtime's own Conv where the result has few channels. */
export function convolve(
  trace: Trace,
  x: TensorInfo,
  filter: TensorInfo,
  geometry: Geometry,
): TensorInfo {
  return hasFewOutputs(geometry)
    ? convolveNatively(trace, x, filter, geometry)
    : convolveColumns(trace, x, filter, geometry);
}

/** The columns of a convolution's input, [batch * pixels, taps * channels]; made again after a value, if one is given. */
export function inputColumns(
  trace: Trace,
  x: TensorInfo,
  geometry: Geometry,
  after?: string,
): string {
  const [height, width, channels] = geometry.input;
  const [rows, columns] = geometry.output;
  return gatherColumns(
    trace,
    trace.value(x),
    { batch: geometry.batch, height, width, channels },
    { rows, columns, stride: geometry.stride },
    tapsOf(geometry).map(([row, column]) => [row - geometry.padTop, column - geometry.padLeft]),
    { after },
  );
}

function convolveColumns(
  trace: Trace,
  x: TensorInfo,
  filter: TensorInfo,
  geometry: Geometry,
): TensorInfo {
  const { batch, output, input, filter: taps } = geometry;
  const [rows, columns, channels] = output;
  const matrix = trace.reshaped(filter, [taps[0] * taps[1] * input[2], channels]);
  const product = trace.graph.op('MatMul', [inputColumns(trace, x, geometry), matrix]);
  const flat = trace.tensor(product, [batch * rows * columns, channels], x.dtype);
  return trace.alias(flat, [batch, rows, columns, channels]);
}

function convolveNatively(
  trace: Trace,
  x: TensorInfo,
  filter: TensorInfo,
  geometry: Geometry,
): TensorInfo {
  const { batch, output, filter: taps, stride, padTop, padLeft, padBottom, padRight } = geometry;
  const { graph } = trace;
  const weights = graph.op('Transpose', [trace.value(filter)], { perm: [3, 2, 0, 1] });
  const result = graph.op('Conv', [toNchw(trace, trace.value(x)), weights], {
    strides: [stride, stride],
    pads: [padTop, padLeft, padBottom, padRight],
    kernel_shape: taps,
  });
  return trace.tensor(toNhwc(trace, result), [batch, ...output], x.dtype);
}
