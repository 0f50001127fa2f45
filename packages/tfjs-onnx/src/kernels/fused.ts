import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { apply } from './apply.js';
import { kernel } from './register.js';

interface Extras {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}
interface Activated {
  activation?: string | null;
  leakyreluAlpha?: number;
  dataFormat?: 'NHWC' | 'NCHW';
}

/** The kernel of each activation that a fused operation can end with. */
const activations: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/** Registers the operations that end with a bias and an activation, as the layers use them. */
export function registerFused(): void {
  kernel<{ a: TensorInfo; b: TensorInfo } & Extras, Activated>(
    '_FusedMatMul',
    (trace, { a, b, ...extras }, attributes) =>
      finish(trace, apply(trace, 'BatchMatMul', { a, b }, attributes), extras, attributes),
  );
  for (const [name, plain] of [
    ['FusedConv2D', 'Conv2D'],
    ['FusedDepthwiseConv2D', 'DepthwiseConv2dNative'],
  ] as const) {
    kernel<{ x: TensorInfo; filter: TensorInfo } & Extras, Activated>(
      name,
      (trace, { x, filter, ...extras }, attributes) =>
        finish(trace, apply(trace, plain, { x, filter }, attributes), extras, attributes),
    );
  }
}

function finish(
  trace: Trace,
  result: TensorInfo,
  { bias, preluActivationWeights }: Extras,
  { activation, leakyreluAlpha = 0.2, dataFormat }: Activated,
): TensorInfo {
  const perChannel = (tensor: TensorInfo) =>
    dataFormat === 'NCHW' && tensor.shape.length === 1 && tensor.shape[0] !== 1
      ? trace.alias(tensor, [tensor.shape[0] ?? 1, 1, 1])
      : tensor;
  const sum = bias ? apply(trace, 'Add', { a: result, b: perChannel(bias) }) : result;
  if (!activation || activation === 'linear') return sum;
  const name = activations[activation];
  if (name === undefined) {
    throw new RangeError(
      `Expected one of ${Object.keys(activations).join(', ')} as activation but received ${activation}.`,
    );
  }
  const slope = preluActivationWeights ? { alpha: perChannel(preluActivationWeights) } : {};
  return apply(trace, name, { x: sum, ...slope }, { alpha: leakyreluAlpha });
}
