import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { convolutionInfo, type ConvolutionAttributes } from '../convolution/convolution-info.js';
import { filterGradient } from '../convolution/filter-gradient.js';
import { convolve } from '../convolution/forward.js';
import { inputGradient } from '../convolution/input-gradient.js';
import { windowOf } from '../convolution/window.js';
import type { Trace } from '../trace.js';
import { apply } from './apply.js';
import { kernel } from './register.js';

/** Registers 2-D convolution and its two gradients. */
export function registerConvolution(): void {
  kernel<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
    'Conv2D',
    (trace, { x, filter }, attributes) => {
      const info = convolutionInfo(x.shape, filter.shape, attributes);
      const image = channelsLast(trace, x, info);
      return asGiven(trace, convolve(trace, image, filter, windowOf(info)), info);
    },
  );
  kernel<{ x: TensorInfo; dy: TensorInfo }, ConvolutionAttributes & { filterShape: number[] }>(
    'Conv2DBackpropFilter',
    (trace, { x, dy }, attributes) => {
      const info = convolutionInfo(x.shape, attributes.filterShape, attributes);
      const [image, gradient] = [channelsLast(trace, x, info), channelsLast(trace, dy, info)];
      return filterGradient(trace, image, gradient, windowOf(info));
    },
  );
  kernel<{ dy: TensorInfo; filter: TensorInfo }, ConvolutionAttributes & { inputShape: number[] }>(
    'Conv2DBackpropInput',
    (trace, { dy, filter }, attributes) => {
      const info = convolutionInfo(attributes.inputShape, filter.shape, attributes);
      const gradient = channelsLast(trace, dy, info);
      return asGiven(trace, inputGradient(trace, gradient, filter, windowOf(info)), info);
    },
  );
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
