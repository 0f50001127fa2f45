import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { asType } from './cast.js';
import { kernel } from './register.js';

interface ResizeAttributes {
  size: [height: number, width: number];
  alignCorners: boolean;
  halfPixelCenters?: boolean;
}
/** The weight of every old position, [old], for one new position. */
type Weights = (position: number, length: number, isAligned: boolean) => number[];

/**
 * Registers resizing, as one small constant matrix along each axis; the gradients are the same with the
 * matrices transposed.
 */
export function registerResize(): void {
  resize('ResizeBilinear', bilinear);
  resize('ResizeNearestNeighbor', nearest);
}

function resize(name: string, weightsOf: Weights): void {
  kernel<{ images: TensorInfo }, ResizeAttributes>(name, (trace, { images }, attributes) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = images.shape;
    const [rows, columns] = attributes.size;
    const vertical = matrix(trace, height, rows, attributes, weightsOf);
    const horizontal = matrix(trace, width, columns, attributes, weightsOf);
    const dtype = name === 'ResizeBilinear' ? 'float32' : images.dtype;
    const shape = [batch, rows, columns, channels];
    const result = multiply(trace, asType(trace, images, 'float32'), shape, vertical, horizontal);
    return asType(trace, result, dtype);
  });
  kernel<{ images: TensorInfo; dy: TensorInfo }, ResizeAttributes>(
    `${name}Grad`,
    (trace, { images, dy }, attributes) => {
      const [, height = 1, width = 1] = images.shape;
      const [, rows = 1, columns = 1] = dy.shape;
      const [vertical, horizontal] = [
        matrix(trace, height, rows, attributes, weightsOf),
        matrix(trace, width, columns, attributes, weightsOf),
      ].map((value) => trace.graph.op('Transpose', [value], { perm: [1, 0] }));
      return multiply(trace, dy, images.shape, vertical ?? '', horizontal ?? '');
    },
  );
}

/** Applies one matrix to the rows and one to the columns of images. */
function multiply(
  trace: Trace,
  images: TensorInfo,
  shape: readonly number[],
  vertical: string,
  horizontal: string,
): TensorInfo {
  const { graph } = trace;
  const [batch = 1, height = 1, width = 1, channels = 1] = images.shape;
  const [, rows = 1, columns = 1] = shape;
  const lines = trace.reshaped(images, [batch, height, width * channels]);
  const stretched = graph.op('MatMul', [vertical, lines]); // [batch, rows, width * channels]
  const cells = graph.reshape(stretched, [batch * rows, width, channels]);
  const resized = graph.op('MatMul', [horizontal, cells]); // [batch * rows, columns, channels]
  return trace.alias(trace.tensor(resized, [batch * rows, columns, channels], 'float32'), shape);
}

/** The constant matrix [to, from] that resizes an axis. */
function matrix(
  trace: Trace,
  from: number,
  to: number,
  { alignCorners, halfPixelCenters = false }: ResizeAttributes,
  weightsOf: Weights,
): string {
  const isAligned = alignCorners && to > 1;
  const ratio = isAligned ? (from - 1) / (to - 1) : from / to;
  const shift = halfPixelCenters ? 0.5 : 0;
  // Nearest pixels are looked up by their edges, bilinear ones by their centres.
  const back = weightsOf === bilinear ? shift : 0;
  const rows = Array.from({ length: to }, (_, i) =>
    weightsOf(ratio * (i + shift) - back, from, alignCorners),
  );
  return trace.graph.constant(rows.flat(), [to, from], 'float32');
}

function bilinear(position: number, length: number): number[] {
  const floor = Math.max(0, Math.floor(position));
  const ceil = Math.max(0, Math.min(length - 1, Math.ceil(position)));
  const weights = new Array<number>(length).fill(0);
  const part = position - floor;
  weights[floor] = 1 - part;
  weights[ceil] = (weights[ceil] ?? 0) + part;
  return weights;
}

function nearest(position: number, length: number, isAligned: boolean): number[] {
  const at = isAligned ? Math.round(position) : Math.floor(position);
  const near = Math.max(0, Math.min(length - 1, at));
  return Array.from({ length }, (_, i) => (i === near ? 1 : 0));
}
