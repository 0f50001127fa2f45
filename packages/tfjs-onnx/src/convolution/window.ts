import type { backend_util } from '@tensorflow/tfjs-core';

/** The sizes of anything that slides over an NHWC image: every convolution and pooling. */
export interface Window {
  readonly batch: number;
  readonly input: readonly [height: number, width: number, channels: number];
  readonly output: readonly [height: number, width: number, channels: number];
  readonly filter: readonly [height: number, width: number];
  readonly strides: readonly [vertical: number, horizontal: number];
  readonly dilations: readonly [vertical: number, horizontal: number];
  /** Top, left, bottom, right; below and on the right as much as the output reaches. */
  readonly pads: readonly [number, number, number, number];
}

/** The window that TensorFlow.js worked out. */
export function windowOf(info: backend_util.Conv2DInfo): Window {
  const { top, left } = info.padInfo;
  const reach = (output: number, stride: number, filter: number) => (output - 1) * stride + filter;
  const bottom = reach(info.outHeight, info.strideHeight, info.effectiveFilterHeight);
  const right = reach(info.outWidth, info.strideWidth, info.effectiveFilterWidth);
  return {
    batch: info.batchSize,
    input: [info.inHeight, info.inWidth, info.inChannels],
    output: [info.outHeight, info.outWidth, info.outChannels],
    filter: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [
      top,
      left,
      Math.max(0, bottom - info.inHeight - top),
      Math.max(0, right - info.inWidth - left),
    ],
  };
}

/** Whether it has no gaps and moves alike down and across, as the fastest lowerings need it. */
export function isPlain({ strides, dilations }: Window): boolean {
  return dilations.every((dilation) => dilation === 1) && strides[0] === strides[1];
}

/** A place beside a pixel. */
export type Offset = readonly [row: number, column: number];

/** Where every element of the window is from its output pixel's corner, row by row. */
export function offsetsOf({ filter, dilations, pads }: Window): Offset[] {
  return Array.from({ length: filter[0] * filter[1] }, (_, i): Offset => [
    Math.floor(i / filter[1]) * dilations[0] - pads[0],
    (i % filter[1]) * dilations[1] - pads[1],
  ]);
}
