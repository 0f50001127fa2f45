import { encodeModel, GraphBuilder } from '@evenset/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { layersOf, type Layer, type Operation } from './layer.js';

type Convolution = Extract<Operation, { type: 'convolution' | 'transposedConvolution' }>;

/**
 * A traced network as an ONNX model for any number of images, on the current backend.
 *
 * @param name of the output
 * @param properties what the model says about itself
 */
export function onnxModel(
  output: Layer,
  name: string,
  properties: Readonly<Record<string, string>>,
): Uint8Array {
  const graph = new GraphBuilder();
  const values = new Map<Layer, string>();
  for (const layer of layersOf(output)) {
    const inputs = layer.inputs.flatMap((input) => values.get(input) ?? []);
    values.set(layer, valueOf(graph, layer, inputs));
  }
  graph.output(values.get(output) ?? '', [-1, ...output.shape], 'float32', name);
  return encodeModel(graph, { properties });
}

/** The value that a layer computes of its inputs' values. */
function valueOf(graph: GraphBuilder, layer: Layer, inputs: readonly string[]): string {
  const { operation, shape } = layer;
  switch (operation.type) {
    case 'input':
      return graph.input(operation.name, [-1, ...shape], 'float32');
    case 'dense': {
      const { kernel, bias } = operation;
      const weights = graph.constant(kernel.values, kernel.shape, 'float32');
      return graph.op('Gemm', [...inputs, weights, ...vector(graph, bias)]);
    }
    case 'convolution':
    case 'transposedConvolution':
      return convolution(graph, layer, operation, inputs);
    case 'reshape':
      return graph.op('Reshape', [...inputs, graph.ints([-1, ...shape])]);
    case 'relu':
      return graph.op('Relu', inputs);
    case 'sigmoid':
      return graph.op('Sigmoid', inputs);
    case 'tanh':
      return graph.op('Tanh', inputs);
    case 'leakyRelu':
      return graph.op('LeakyRelu', inputs, { alpha: { float: operation.alpha } });
    case 'add':
      return graph.op('Add', inputs);
    case 'multiply':
      return graph.op('Mul', inputs);
    case 'affine': {
      const scaled = graph.op('Mul', [...inputs, ...vector(graph, operation.scale)]);
      return graph.op('Add', [scaled, ...vector(graph, operation.shift)]);
    }
  }
}

/** ONNX convolves with channels first; runtimes drop transpositions that cancel. */
function convolution(
  graph: GraphBuilder,
  { inputs: [input], shape }: Layer,
  { type, kernel, strides, bias }: Convolution,
  inputs: readonly string[],
): string {
  const isTransposed = type === 'transposedConvolution';
  // A transposed convolution is the gradient of one from its output to its input.
  const [from = [], to = []] = isTransposed ? [shape, input?.shape] : [input?.shape, shape];
  const overlap = ([0, 1] as const).map(
    (axis) => ((to[axis] ?? 1) - 1) * strides[axis] + (kernel.shape[axis] ?? 1) - (from[axis] ?? 1),
  );
  const padded = overlap.map((length) => Math.max(0, length));
  const pads = [
    ...padded.map((length) => Math.floor(length / 2)),
    ...padded.map((length) => Math.ceil(length / 2)),
  ];
  const [height = 1, width = 1] = kernel.shape;
  const attributes = { kernel_shape: [height, width], strides, pads };
  // [height, width, a, b] -> [b, a, height, width]
  const weights = tf.transpose(tf.tensor(kernel.values, [...kernel.shape]), [3, 2, 0, 1]);
  const image = graph.op('Transpose', inputs, { perm: [0, 3, 1, 2] });
  const result = graph.op(
    isTransposed ? 'ConvTranspose' : 'Conv',
    [image, graph.constant(weights.dataSync(), weights.shape, 'float32'), ...vector(graph, bias)],
    isTransposed
      ? { ...attributes, output_padding: overlap.map((length) => Math.max(0, -length)) }
      : attributes,
  );
  return graph.op('Transpose', [result], { perm: [0, 2, 3, 1] });
}

/** A constant [length], where there is one. */
function vector(graph: GraphBuilder, values: Float32Array | undefined): string[] {
  return values ? [graph.constant(values, [values.length], 'float32')] : [];
}
