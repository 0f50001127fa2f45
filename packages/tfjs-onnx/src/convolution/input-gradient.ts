import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { hasFewInputs, hasFewOutputs } from './choose-lowering.js';
import { gatherColumns } from './gather-columns.js';
import { convolveWindowBack, weightsOf } from './native.js';
import { isPlain, type Offset, type Window } from './window.js';

/**
 * The gradient of a convolution with respect to its input, which is also the transposed convolution. In a plain window
 * input pixels of the same position modulo the stride see the same filter taps: each such phase is one
 * Gather and one matrix product (sub-pixel convolution).
 */
export function inputGradient(
  trace: Trace,
  dy: TensorInfo,
  filter: TensorInfo,
  window: Window,
): TensorInfo {
  const { input, strides } = window;
  const isEven = input[0] % strides[0] === 0 && input[1] % strides[1] === 0;
  const isThin = hasFewInputs(window) && !hasFewOutputs(window);
  return isPlain(window) && isEven && !isThin
    ? gradientByPhases(trace, dy, filter, window)
    : convolveWindowBack(trace, dy, weightsOf(trace, filter), window);
}

function gradientByPhases(
  trace: Trace,
  dy: TensorInfo,
  filter: TensorInfo,
  window: Window,
): TensorInfo {
  const { graph } = trace;
  const { batch, input, output, filter: size, pads } = window;
  const [stride] = window.strides;
  const [height, width, channels] = input;
  const taps = size[0] * size[1];
  const matrix = trace.reshaped(filter, [taps, channels, output[2]]);
  const transposed = graph.op('Transpose', [matrix], { perm: [0, 2, 1] }); // [taps, outputs, inputs]
  const rows = height / stride;
  const columns = width / stride;

  const phase = (top: number, left: number): string => {
    const vertical = tapsOfPhase(top + pads[0], size[0], stride);
    const horizontal = tapsOfPhase(left + pads[1], size[1], stride);
    const pairs = vertical.flatMap((row) => horizontal.map((column) => ({ row, column })));
    if (pairs.length === 0) {
      return graph.op('Expand', [graph.float(0), graph.ints([batch * rows * columns, channels])]);
    }
    const cells = gatherColumns(
      trace,
      trace.value(dy),
      { batch, height: output[0], width: output[1], channels: output[2] },
      { rows, columns, stride: 1 },
      pairs.map(({ row, column }): Offset => [row.offset, column.offset]),
    );
    const order = pairs.map(({ row, column }) => row.tap * size[1] + column.tap);
    const isWhole = order.length === taps && order.every((tap, i) => tap === i);
    const weights = isWhole
      ? transposed
      : graph.op('Gather', [transposed, graph.ints(order)], { axis: 0 });
    const flat = graph.reshape(weights, [order.length * output[2], channels]);
    return graph.op('MatMul', [cells, flat]);
  };

  const steps = Array.from({ length: stride }, (_, i) => i);
  if (stride === 1) {
    const flat = trace.tensor(phase(0, 0), [batch * height * width, channels], dy.dtype);
    return trace.alias(flat, [batch, height, width, channels]);
  }
  // Interleave the phases: columns beside each other first, then the rows below each other.
  const lines = steps.map((top) => {
    const beside = graph.op(
      'Concat',
      steps.map((left) => phase(top, left)),
      { axis: 1 },
    );
    return graph.reshape(beside, [batch, rows, 1, width * channels]);
  });
  const image = graph.op('Concat', lines, { axis: 2 });
  return trace.alias(trace.tensor(image, [batch, rows, stride, width * channels], dy.dtype), [
    batch,
    height,
    width,
    channels,
  ]);
}

/** The filter taps along one axis that reach input pixels of a phase, and the output pixel that they read. */
function tapsOfPhase(
  position: number,
  length: number,
  stride: number,
): { tap: number; offset: number }[] {
  return Array.from({ length }, (_, tap) => ({ tap, offset: (position - tap) / stride })).filter(
    ({ offset }) => Number.isInteger(offset),
  );
}
