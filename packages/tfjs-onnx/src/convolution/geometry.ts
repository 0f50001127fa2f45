import { backend_util } from '@tensorflow/tfjs-core';

/** Attributes that TensorFlow.js passes to every convolution kernel. */
export interface ConvolutionAttributes {
  strides: number | [number, number];
  pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: number | [number, number] | null;
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

/** The sizes of a convolution that the fast lowerings take: no dilation, equal strides. */
export function geometryOf(info: backend_util.Conv2DInfo): Geometry | undefined {
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1) return undefined;
  if (info.strideHeight !== info.strideWidth) return undefined;
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

/** What TensorFlow.js works out of a convolution's shapes and attributes. */
export function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
  isDepthwise = false,
): backend_util.Conv2DInfo {
  const { strides, pad, dilations, dimRoundingMode, dataFormat = 'NHWC' } = attributes;
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    isDepthwise,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
}

/** Every position of the filter, row by row. */
export function tapsOf({ filter: [height, width] }: Geometry): Tap[] {
  return Array.from({ length: height * width }, (_, i): Tap => [Math.floor(i / width), i % width]);
}
