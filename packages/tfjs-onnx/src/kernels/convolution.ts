import type { TensorInfo } from '@tensorflow/tfjs-core';
import { filterGradient } from '../convolution/filter-gradient.js';
import { convolve } from '../convolution/forward.js';
import { geometryOf, type ConvolutionAttributes } from '../convolution/geometry.js';
import { inputGradient } from '../convolution/input-gradient.js';
import { kernel } from './register.js';

/** Registers 2-D convolution and its two gradients. */
export function registerConvolution(): void {
  kernel<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
    'Conv2D',
    (trace, { x, filter }, attributes) =>
      convolve(trace, x, filter, geometryOf(x.shape, filter.shape, attributes)),
  );
  kernel<{ x: TensorInfo; dy: TensorInfo }, ConvolutionAttributes & { filterShape: number[] }>(
    'Conv2DBackpropFilter',
    (trace, { x, dy }, attributes) =>
      filterGradient(trace, x, dy, geometryOf(x.shape, attributes.filterShape, attributes)),
  );
  kernel<{ dy: TensorInfo; filter: TensorInfo }, ConvolutionAttributes & { inputShape: number[] }>(
    'Conv2DBackpropInput',
    (trace, { dy, filter }, attributes) =>
      inputGradient(trace, dy, filter, geometryOf(attributes.inputShape, filter.shape, attributes)),
  );
}
