import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { filterGradient } from '../convolution/filter-gradient.js';
import { convolve } from '../convolution/forward.js';
import {
  convolutionInfo,
  geometryOf,
  type ConvolutionAttributes,
} from '../convolution/geometry.js';
import { inputGradient } from '../convolution/input-gradient.js';
import { convolveWindow, convolveWindowBack } from '../convolution/native.js';
import { windowColumns } from '../convolution/window-columns.js';
import { windowOf } from '../convolution/window.js';
import type { Trace } from '../trace.js';
import { apply } from './apply.js';
import { kernel } from './register.js';

/** Registers 2-D convolution and its two gradients; dilated ones and such go to the runtime's own. */
export function registerConvolution(): void {
  kernel<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
    'Conv2D',
    (trace, { x, filter }, attributes) => {
      const info = convolutionInfo(x.shape, filter.shape, attributes);
      const geometry = geometryOf(info);
      const image = channelsLast(trace, x, info);
      const result = geometry
        ? convolve(trace, image, filter, geometry)
        : convolveWindow(trace, image, weightsOf(trace, filter), windowOf(info));
      return asGiven(trace, result, info);
    },
  );
  kernel<{ x: TensorInfo; dy: TensorInfo }, ConvolutionAttributes & { filterShape: number[] }>(
    'Conv2DBackpropFilter',
    (trace, { x, dy }, attributes) => {
      const info = convolutionInfo(x.shape, attributes.filterShape, attributes);
      const geometry = geometryOf(info);
      const [image, gradient] = [channelsLast(trace, x, info), channelsLast(trace, dy, info)];
      if (geometry) return filterGradient(trace, image, gradient, geometry);
      const pixels = info.batchSize * info.outHeight * info.outWidth;
      const product = trace.graph.op(
        'Gemm',
        [
          windowColumns(trace, image, windowOf(info)),
          trace.reshaped(gradient, [pixels, info.outChannels]),
        ],
        { transA: 1 },
      );
      const rows = info.filterHeight * info.filterWidth * info.inChannels;
      const flat = trace.tensor(product, [rows, info.outChannels], x.dtype);
      return trace.alias(flat, attributes.filterShape);
    },
  );
  kernel<{ dy: TensorInfo; filter: TensorInfo }, ConvolutionAttributes & { inputShape: number[] }>(
    'Conv2DBackpropInput',
    (trace, { dy, filter }, attributes) => {
      const info = convolutionInfo(attributes.inputShape, filter.shape, attributes);
      const geometry = geometryOf(info);
      const gradient = channelsLast(trace, dy, info);
      const result = geometry
        ? inputGradient(trace, gradient, filter, geometry)
        : convolveWindowBack(trace, gradient, weightsOf(trace, filter), windowOf(info));
      return asGiven(trace, result, info);
    },
  );
}

/** [height, width, inputs, outputs] -> [outputs, inputs, height, width]. */
function weightsOf(trace: Trace, filter: TensorInfo): string {
  return trace.graph.op('Transpose', [trace.value(filter)], { perm: [3, 2, 0, 1] });
}

function channelsLast(
  trace: Trace,
  x: TensorInfo,
  { dataFormat }: backend_util.Conv2DInfo,
): TensorInfo {
  return dataFormat === 'channelsLast'
    ? x
    : apply(trace, 'Transpose', { x }, { perm: [0, 2, 3, 1] });
}

function asGiven(trace: Trace, x: TensorInfo, { dataFormat }: backend_util.Conv2DInfo): TensorInfo {
  return dataFormat === 'channelsLast'
    ? x
    : apply(trace, 'Transpose', { x }, { perm: [0, 3, 1, 2] });
}
