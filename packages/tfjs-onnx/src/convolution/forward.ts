import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { hasFewOutputs } from './choose-lowering.js';
import { convolveWindow, weightsOf } from './native.js';
import { windowColumns } from './window-columns.js';
import { isPlain, type Window } from './window.js';

/**
 * Convolution: columns times filter, or the runtime's own Conv where the result has few channels or the window is not
 * plain.
 */
export function convolve(
  trace: Trace,
  x: TensorInfo,
  filter: TensorInfo,
  window: Window,
): TensorInfo {
  if (!isPlain(window) || hasFewOutputs(window)) {
    return convolveWindow(trace, x, weightsOf(trace, filter), window);
  }
  const { batch, output, input, filter: taps } = window;
  const [rows, columns, channels] = output;
  const matrix = trace.reshaped(filter, [taps[0] * taps[1] * input[2], channels]);
  const product = trace.graph.op('MatMul', [windowColumns(trace, x, window), matrix]);
  const flat = trace.tensor(product, [batch * rows * columns, channels], x.dtype);
  return trace.alias(flat, [batch, rows, columns, channels]);
}
