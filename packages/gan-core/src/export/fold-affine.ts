import type { Layer, LinearOperation, Operation, Weights } from './layer.js';

/**
 * scale x + shift of a layer's output x, by channel: folded into its weights where it is linear.
 *
 * @param scale [channels]
 * @param shift [channels]
 */
export function foldAffine(layer: Layer, scale: Float32Array, shift: Float32Array): Layer {
  const { operation, inputs, shape } = layer;
  if (isLinear(operation)) {
    const kernel = scaleOutputs(operation, scale);
    const bias = operation.bias ?? new Float32Array(scale.length);
    const folded = { ...operation, kernel, bias: affine(bias, scale, shift) };
    return { operation: folded, inputs, shape };
  }
  if (operation.type === 'affine') {
    const product = operation.scale.map((value, channel) => value * (scale[channel] ?? 1));
    const sum = affine(operation.shift, scale, shift);
    return { operation: { type: 'affine', scale: product, shift: sum }, inputs, shape };
  }
  return { operation: { type: 'affine', scale, shift }, inputs: [layer], shape };
}

/** The sum of two layers' outputs: one layer where both are dense layers of the same input. */
export function foldSum(a: Layer, b: Layer, shape: readonly number[]): Layer {
  const [first, second] = [a.operation, b.operation];
  if (first.type !== 'dense' || second.type !== 'dense' || a.inputs[0] !== b.inputs[0]) {
    return { operation: { type: 'add' }, inputs: [a, b], shape };
  }
  const sum = (x: Float32Array, y?: Float32Array) => x.map((value, i) => value + (y?.[i] ?? 0));
  const kernel = {
    shape: first.kernel.shape,
    values: sum(first.kernel.values, second.kernel.values),
  };
  const channels = kernel.shape[1] ?? 1;
  const bias = sum(first.bias ?? new Float32Array(channels), second.bias);
  return { operation: { type: 'dense', kernel, bias }, inputs: a.inputs, shape };
}

function isLinear(operation: Operation): operation is LinearOperation {
  return 'kernel' in operation;
}

/** A kernel whose outputs are multiplied by `scale`, [out]. */
function scaleOutputs({ type, kernel }: LinearOperation, scale: Float32Array): Weights {
  const { shape, values } = kernel;
  // Channels in follow channels out in a transposed convolution's kernel; all others end with channels out.
  const inner = type === 'transposedConvolution' ? (shape.at(-1) ?? 1) : 1;
  return {
    shape,
    values: values.map((value, i) => value * (scale[Math.floor(i / inner) % scale.length] ?? 1)),
  };
}

function affine(values: Float32Array, scale: Float32Array, shift: Float32Array): Float32Array {
  return values.map((value, i) => value * (scale[i] ?? 1) + (shift[i] ?? 0));
}
