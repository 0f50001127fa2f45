import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { toNchw, toNhwc } from './layout.js';
import type { Window } from './window.js';

/** A filter as the runtime's own convolutions take it: [height, width, inputs, outputs] -> [outputs, inputs, height, width]. */
export function weightsOf(trace: Trace, filter: TensorInfo): string {
  return trace.graph.op('Transpose', [trace.value(filter)], { perm: [3, 2, 0, 1] });
}

/** The runtime's own convolution, for any window. @param weights [outputs, inputs / groups, height, width] */
export function convolveWindow(
  trace: Trace,
  x: TensorInfo,
  weights: string,
  window: Window,
  groups = 1,
): TensorInfo {
  const result = trace.graph.op('Conv', [toNchw(trace, trace.value(x)), weights], {
    ...attributesOf(window),
    group: groups,
  });
  return trace.tensor(toNhwc(trace, result), [window.batch, ...window.output], 'float32');
}

/** Its gradient with respect to the input. @param weights as for the convolution */
export function convolveWindowBack(
  trace: Trace,
  dy: TensorInfo,
  weights: string,
  window: Window,
  groups = 1,
): TensorInfo {
  const { input, output, filter, strides, dilations, pads } = window;
  const rest = ([0, 1] as const).map((axis) => {
    const covered = (output[axis] - 1) * strides[axis] + (filter[axis] - 1) * dilations[axis] + 1;
    return input[axis] - (covered - pads[axis] - (pads[axis + 2] ?? 0));
  });
  const result = trace.graph.op('ConvTranspose', [toNchw(trace, trace.value(dy)), weights], {
    ...attributesOf(window),
    group: groups,
    output_padding: rest,
  });
  return trace.tensor(toNhwc(trace, result), [window.batch, ...input], 'float32');
}

function attributesOf({ filter, strides, dilations, pads }: Window) {
  return { kernel_shape: filter, strides, dilations, pads };
}
