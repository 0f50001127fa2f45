import { backend_util } from '@tensorflow/tfjs-core';

/** Attributes that TensorFlow.js passes to every convolution kernel. */
export interface ConvolutionAttributes {
  strides: number | [number, number];
  pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: number | [number, number] | null;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
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
