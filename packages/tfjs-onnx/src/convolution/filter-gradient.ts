import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { hasFewOutputs } from './choose-lowering.js';
import { gatherColumns } from './gather-columns.js';
import { windowColumns } from './window-columns.js';
import { isPlain, offsetsOf, type Window } from './window.js';

/** Columns of this many elements are worth 64 MB of memory: making them again costs less than 2 % of the products. */
const MANY_COLUMNS = 2 ** 24;

/** The gradient of a convolution with respect to its filter: columns transposed times `dy`. */
export function filterGradient(
  trace: Trace,
  x: TensorInfo,
  dy: TensorInfo,
  window: Window,
): TensorInfo {
  const { batch, input, output, filter } = window;
  const shape = [...filter, input[2], output[2]];
  if (isPlain(window) && hasFewOutputs(window)) {
    return gradientFromOutputColumns(trace, x, dy, window, shape);
  }
  const rows = batch * output[0] * output[1];
  const after = isKept(trace, x, dy, window) ? undefined : trace.value(dy);
  const columns = windowColumns(trace, x, window, { after });
  const gradient = trace.graph.op('Gemm', [columns, trace.reshaped(dy, [rows, output[2]])], {
    transA: 1,
  });
  return trace.alias(
    trace.tensor(gradient, [filter[0] * filter[1] * input[2], output[2]], x.dtype),
    shape,
  );
}

/** Whether the columns of a forward pass wait for its backward pass: not where they are many times the image. */
function isKept(
  trace: Trace,
  x: TensorInfo,
  dy: TensorInfo,
  { batch, input, output, filter }: Window,
): boolean {
  const columns = batch * output[0] * output[1] * filter[0] * filter[1] * input[2];
  // Where x came after dy, as in the gradient of a transposed convolution, its columns are new.
  const isNew = trace.graph.positionOf(trace.value(x)) > trace.graph.positionOf(trace.value(dy));
  return isNew || columns < MANY_COLUMNS;
}

/** The same with the columns of `dy`, which are narrower where the output has few channels. */
function gradientFromOutputColumns(
  trace: Trace,
  x: TensorInfo,
  dy: TensorInfo,
  window: Window,
  shape: readonly number[],
): TensorInfo {
  const { graph } = trace;
  const { batch, input, output } = window;
  const offsets = offsetsOf(window);
  const columns = gatherColumns(
    trace,
    trace.value(dy),
    { batch, height: output[0], width: output[1], channels: output[2] },
    { rows: input[0], columns: input[1], stride: 1 },
    offsets.map(([row, column]) => [-row, -column]),
  );
  const pixels = trace.reshaped(x, [batch * input[0] * input[1], input[2]]);
  const product = graph.op('Gemm', [pixels, columns], { transA: 1 }); // [inputs, taps * outputs]
  const split = graph.reshape(product, [input[2], offsets.length, output[2]]);
  const gradient = graph.op('Transpose', [split], { perm: [1, 0, 2] });
  return trace.alias(trace.tensor(gradient, [offsets.length, input[2], output[2]], x.dtype), shape);
}
