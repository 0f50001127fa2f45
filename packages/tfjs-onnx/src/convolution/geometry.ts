import { backend_util } from '@tensorflow/tfjs-core';

/** Attributes that TensorFlow.js passes to all three convolution kernels. */
export interface ConvolutionAttributes {
  strides: number | [number, number];
  pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: number | [number, number];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** A position in the filter: row and column. */
export type Tap = readonly [row: number, column: number];

/** The sizes of a 2-D convolution, NHWC images and HWIO filters. */
export interface Geometry {
  readonly batch: number;
  readonly input: readonly [height: number, width: number, channels: number];
  readonly output: readonly [height: number, width: number, channels: number];
  readonly filter: readonly [height: number, width: number];
  readonly stride: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly padBottom: number;
  readonly padRight: number;
}

/**
 * Works out the sizes of a convolution.
 *
 * @throws RangeError on what no kernel here supports: NCHW, dilation, different strides
 */
export function geometryOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat = 'NHWC', dilations = 1, dimRoundingMode }: ConvolutionAttributes,
): Geometry {
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  if (dataFormat !== 'NHWC')
    throw new RangeError(`Expected NHWC convolutions but received ${dataFormat}.`);
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1) {
    throw new RangeError(
      `Expected convolutions without dilation but received ${info.dilationHeight}x${info.dilationWidth}.`,
    );
  }
  if (info.strideHeight !== info.strideWidth) {
    throw new RangeError(
      `Expected equal strides but received ${info.strideHeight}x${info.strideWidth}.`,
    );
  }
  return {
    batch: info.batchSize,
    input: [info.inHeight, info.inWidth, info.inChannels],
    output: [info.outHeight, info.outWidth, info.outChannels],
    filter: [info.filterHeight, info.filterWidth],
    stride: info.strideHeight,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
    padBottom: info.padInfo.bottom,
    padRight: info.padInfo.right,
  };
}

/** Every position of the filter, row by row. */
export function tapsOf({ filter: [height, width] }: Geometry): Tap[] {
  return Array.from({ length: height * width }, (_, i): Tap => [Math.floor(i / width), i % width]);
}
