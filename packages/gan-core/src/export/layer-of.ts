import * as tf from '@tensorflow/tfjs-core';
import { ExportError } from './export-error.js';
import { foldAffine, foldSum } from './fold-affine.js';
import type { Layer, Operation, Weights } from './layer.js';

/** An operation of TensorFlow.js, some input of which depends on the network's own. */
export interface TracedOperation {
  readonly kernel: string;
  /** Its inputs: outputs of layers, and constants. */
  readonly operands: readonly (Layer | Weights)[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly batch: number;
}

/** How operations become layers; one that cannot becomes undefined. */
const kernels: Readonly<Record<string, (operation: TracedOperation) => Layer | undefined>> = {
  BatchMatMul: dense,
  Conv2D: convolution,
  Conv2DBackpropInput: convolution,
  Reshape: reshape,
  Add: (operation) => sum(operation, 1),
  Sub: (operation) => sum(operation, -1),
  Multiply: product,
  Relu: (operation) => activation(operation, { type: 'relu' }),
  Sigmoid: (operation) => activation(operation, { type: 'sigmoid' }),
  Tanh: (operation) => activation(operation, { type: 'tanh' }),
  LeakyRelu: (operation) =>
    activation(operation, { type: 'leakyRelu', alpha: operation.attributes.alpha as number }),
};

/**
 * The layer that an operation comes to.
 *
 * @throws ExportError naming the operation when no layer stands for it
 */
export function layerOf(operation: TracedOperation): Layer {
  const layer = kernels[operation.kernel]?.(operation);
  if (layer) return layer;
  const shapes = operation.operands.map((operand) =>
    isLayer(operand)
      ? `[n, ${operand.shape.join(', ')}]`
      : `constant [${operand.shape.join(', ')}]`,
  );
  throw new ExportError(
    `The model cannot be exported: its generator uses ${operation.kernel} of ${shapes.join(' and ')}, which no layer stands for.`,
  );
}

function isLayer(operand: Layer | Weights): operand is Layer {
  return 'operation' in operand;
}

function dense({ operands, attributes }: TracedOperation): Layer | undefined {
  const [x, kernel] = operands;
  if (!x || !isLayer(x) || x.shape.length !== 1 || !kernel || isLayer(kernel)) return undefined;
  if (attributes.transposeA === true || attributes.transposeB === true) return undefined;
  return { operation: { type: 'dense', kernel }, inputs: [x], shape: kernel.shape.slice(1) };
}

function convolution({ kernel: name, operands, attributes, batch }: TracedOperation) {
  const [x, kernel] = operands;
  const { pad, inputShape } = attributes;
  const isPlain = [attributes.dilations ?? 1].flat().every((dilation) => dilation === 1);
  if (!x || !isLayer(x) || !kernel || isLayer(kernel)) return undefined;
  if (!isPlain || (pad !== 'same' && pad !== 'valid')) return undefined;
  const [height = 1, width = height] = [attributes.strides as number | number[]].flat();
  const strides: [number, number] = [height, width];
  const isTransposed = name === 'Conv2DBackpropInput';
  const full = isTransposed
    ? (inputShape as number[])
    : tf.backend_util.computeConv2DInfo(
        [batch, ...x.shape] as [number, number, number, number],
        [...kernel.shape] as [number, number, number, number],
        strides,
        1,
        pad,
      ).outShape;
  const type = isTransposed ? 'transposedConvolution' : 'convolution';
  const operation: Operation = { type, kernel, strides, padding: pad };
  return { operation, inputs: [x], shape: full.slice(1) };
}

/** Of each image for itself: the batch stays what it is. */
function reshape({ operands, attributes, batch }: TracedOperation): Layer | undefined {
  const [x] = operands;
  if (!x || !isLayer(x)) return undefined;
  const size = batch * tf.util.sizeFromShape([...x.shape]);
  const full = tf.util.inferFromImplicitShape(attributes.shape as number[], size);
  if (full[0] !== batch) return undefined;
  return { operation: { type: 'reshape' }, inputs: [x], shape: full.slice(1) };
}

/** a + sign b. */
function sum({ operands }: TracedOperation, sign: 1 | -1): Layer | undefined {
  const [a, b] = operands;
  if (!a || !b) return undefined;
  if (isLayer(a) && isLayer(b)) {
    const shape = broadcast(a, b);
    return shape && foldSum(a, sign === 1 ? b : scaledBy(b, sign), shape);
  }
  const [x, constant] = isLayer(a) ? [a, b as Weights] : [b as Layer, a];
  const shift = perChannel(x, constant);
  if (!shift) return undefined;
  const isMinus = sign === -1;
  if (x === a) return shifted(x, isMinus ? shift.map((value) => -value) : shift);
  return shifted(isMinus ? scaledBy(x, -1) : x, shift);
}

function product({ operands }: TracedOperation): Layer | undefined {
  const [a, b] = operands;
  if (!a || !b) return undefined;
  if (isLayer(a) && isLayer(b)) {
    const shape = broadcast(a, b);
    return shape && { operation: { type: 'multiply' }, inputs: [a, b], shape };
  }
  const [x, constant] = isLayer(a) ? [a, b as Weights] : [b as Layer, a];
  const scale = perChannel(x, constant);
  return scale && foldAffine(x, scale, new Float32Array(scale.length));
}

function activation({ operands }: TracedOperation, operation: Operation): Layer | undefined {
  const [x] = operands;
  return x && isLayer(x) ? { operation, inputs: [x], shape: x.shape } : undefined;
}

function scaledBy(x: Layer, factor: number): Layer {
  const channels = x.shape.at(-1) ?? 1;
  return foldAffine(x, new Float32Array(channels).fill(factor), new Float32Array(channels));
}

function shifted(x: Layer, shift: Float32Array): Layer {
  return foldAffine(x, new Float32Array(shift.length).fill(1), shift);
}

/** The shape of two layers' outputs together, where one is repeated along axes of length 1. */
function broadcast(a: Layer, b: Layer): number[] | undefined {
  if (a.shape.length !== b.shape.length) return undefined;
  const shape = a.shape.map((length, axis) => Math.max(length, b.shape[axis] ?? 1));
  const fits = [a, b].every((one) =>
    one.shape.every((length, axis) => length === 1 || length === shape[axis]),
  );
  return fits ? shape : undefined;
}

/** A constant's value for each channel of a layer; undefined where it differs between positions or images. */
function perChannel(x: Layer, { shape, values }: Weights): Float32Array | undefined {
  const channels = x.shape.at(-1) ?? 1;
  if (shape.length > x.shape.length + 1) return undefined;
  if (values.length === 1) return new Float32Array(channels).fill(values[0] ?? 0);
  const isByChannel = values.length === channels && shape.at(-1) === channels;
  return isByChannel ? values : undefined;
}
