import type { TensorInfo } from '@tensorflow/tfjs-core';
import { convolutionInfo, type ConvolutionAttributes } from '../convolution/convolution-info.js';
import { convolveWindow, convolveWindowBack } from '../convolution/native.js';
import { windowColumns } from '../convolution/window-columns.js';
import { windowOf, type Window } from '../convolution/window.js';
import type { Trace } from '../trace.js';
import { kernel } from './register.js';

/** Registers depthwise convolution and its two gradients; filters are [height, width, channels, multiplier]. */
export function registerDepthwise(): void {
  kernel<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
    'DepthwiseConv2dNative',
    (trace, { x, filter }, attributes) => {
      const window = depthwiseWindow(x.shape, filter.shape, attributes);
      return convolveWindow(trace, x, weightsOf(trace, filter), window, window.input[2]);
    },
  );
  kernel<{ dy: TensorInfo; filter: TensorInfo }, ConvolutionAttributes & { inputShape: number[] }>(
    'DepthwiseConv2dNativeBackpropInput',
    (trace, { dy, filter }, attributes) => {
      const window = depthwiseWindow(attributes.inputShape, filter.shape, attributes);
      return convolveWindowBack(trace, dy, weightsOf(trace, filter), window, window.input[2]);
    },
  );
  kernel<{ x: TensorInfo; dy: TensorInfo }, ConvolutionAttributes & { filterShape: number[] }>(
    'DepthwiseConv2dNativeBackpropFilter',
    (trace, { x, dy }, attributes) => {
      const { graph } = trace;
      const window = depthwiseWindow(x.shape, attributes.filterShape, attributes);
      const [rows, columns, outputs] = window.output;
      const channels = window.input[2];
      const elements = window.filter[0] * window.filter[1];
      const pixels = window.batch * rows * columns;
      const under = graph.reshape(windowColumns(trace, x, window), [pixels, elements, channels, 1]);
      const gradient = trace.reshaped(dy, [pixels, 1, channels, outputs / channels]);
      const products = graph.op('Mul', [under, gradient]); // [pixels, elements, channels, multiplier]
      const sums = graph.op('ReduceSum', [products, graph.ints([0])], { keepdims: 0 });
      const flat = trace.tensor(sums, [elements, channels, outputs / channels], x.dtype);
      return trace.alias(flat, attributes.filterShape);
    },
  );
}

function depthwiseWindow(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
): Window {
  if (attributes.dataFormat === 'NCHW') {
    throw new RangeError('Expected NHWC depthwise convolutions but received NCHW.');
  }
  return windowOf(convolutionInfo(inputShape, filterShape, attributes, true));
}

/** [height, width, channels, multiplier] -> [channels * multiplier, 1, height, width]. */
function weightsOf(trace: Trace, filter: TensorInfo): string {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = filter.shape;
  const { graph } = trace;
  const turned = graph.op('Transpose', [trace.value(filter)], { perm: [2, 3, 0, 1] });
  return graph.reshape(turned, [channels * multiplier, 1, height, width]);
}
