import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { gatherColumns, type ColumnOptions } from './gather-columns.js';
import { offsetsOf, type Window } from './window.js';

/**
 * The image under the window at every output pixel.
 *
 * @returns [batch * rows * columns, window * channels]
 */
export function windowColumns(
  trace: Trace,
  image: TensorInfo,
  window: Window,
  options: ColumnOptions = {},
): string {
  const [height, width, channels] = window.input;
  const [rows, columns] = window.output;
  const [stride, columnStride] = window.strides;
  return gatherColumns(
    trace,
    trace.value(image),
    { batch: window.batch, height, width, channels },
    { rows, columns, stride, columnStride },
    offsetsOf(window),
    options,
  );
}
