import * as tf from '@tensorflow/tfjs-core';
import { normalDeviates } from '../features/normal-deviates.js';

/** What a classifier sees and tells apart. */
export interface ClassifierShape {
  readonly size: number;
  readonly channels: number;
  readonly classes: number;
}

/** Values of the layer before the last. */
export const FEATURES = 64;
/** Channels after each halving of the image; further ones have as many as the last. */
const WIDTHS = [16, 32, 64];
/** Images are halved until their side is at most this. */
const SMALLEST = 4;

/** A parameter of the network: its shape, and how many inputs each of its outputs sums; 0 for what starts at 0. */
interface Parameter {
  readonly shape: number[];
  readonly fanIn: number;
}

/** The network's parameters: weights and biases of the convolutions and of two dense layers, in turn. */
export function classifierParameters({ size, channels, classes }: ClassifierShape): Parameter[] {
  const parameters: Parameter[] = [];
  const layer = (shape: number[], fanIn: number) => {
    parameters.push({ shape, fanIn }, { shape: [shape.at(-1) ?? 1], fanIn: 0 });
  };
  let [side, depth] = [size, channels];
  for (let i = 0; i < convolutions(size); i++) {
    const width = WIDTHS[Math.min(i, WIDTHS.length - 1)] ?? 1;
    layer([3, 3, depth, width], 9 * depth);
    [side, depth] = [Math.ceil(side / 2), width];
  }
  layer([side * side * depth, FEATURES], side * side * depth);
  layer([FEATURES, classes], FEATURES);
  return parameters;
}

/** Starting values, N(0, 2 / fan-in) (He et al., 2015), the same ones for the same seed. */
export function startValues(parameters: readonly Parameter[], seed: number): Float32Array[] {
  return parameters.map(({ shape, fanIn }, i) => {
    const count = shape.reduce((product, length) => product * length, 1);
    if (fanIn === 0) return new Float32Array(count);
    const scale = Math.sqrt(2 / fanIn);
    return normalDeviates(seed * parameters.length + i, count).map((value) => scale * value);
  });
}

/**
 * The network: 3x3 convolutions of stride 2, a dense layer, the classes.
 *
 * @param images [n, size, size, channels] in [0, 1]
 * @returns features [n, 64] of the layer before the last, and logits [n, classes]
 */
export function classify(
  parameters: readonly tf.Tensor[],
  images: tf.Tensor,
): { features: tf.Tensor2D; logits: tf.Tensor2D } {
  const parameter = (at: number) => {
    const found = parameters[at];
    if (!found) throw new Error(`There is no parameter ${at}.`);
    return found;
  };
  const layers = convolutions(images.shape[1] ?? 0);
  let x = tf.sub<tf.Tensor4D>(tf.mul(images, 2), 1);
  for (let i = 0; i < layers; i++) {
    const filter = parameter(2 * i) as tf.Tensor4D;
    x = tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, filter, 2, 'same'), parameter(2 * i + 1)));
  }
  const flat = tf.reshape(x, [x.shape[0], -1]);
  const dense = (input: tf.Tensor, at: number) =>
    tf.add<tf.Tensor2D>(tf.matMul(input, parameter(at)), parameter(at + 1));
  const features = tf.relu(dense(flat, 2 * layers));
  return { features, logits: dense(features, 2 * layers + 2) };
}

function convolutions(size: number): number {
  return Math.max(1, Math.ceil(Math.log2(size / SMALLEST)));
}
