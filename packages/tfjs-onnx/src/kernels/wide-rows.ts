import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';

/** The runtime starts anew on every row, so that rows shorter than this cost more than their elements. */
const WIDE = 1024;

/** How many of `rows` rows of a given length become one row of about WIDE elements. */
function rowsPerRow(rows: number, length: number): number {
  for (let factor = Math.min(rows, Math.floor(WIDE / length)); factor > 1; factor--) {
    if (rows % factor === 0) return factor;
  }
  return 1;
}

/**
 * An image and a vector of channels that is broadcast over its pixels, as a matrix of long rows and the vector
 * repeated along a row.
 *
 * @param vector its last axis is the image's, its leading axes are the image's or all 1, those between are 1
 * @returns undefined where the shapes are others or the rows are long already
 */
export function widenOperands(
  trace: Trace,
  image: TensorInfo,
  vector: TensorInfo,
): { image: string; vector: string } | undefined {
  const rank = image.shape.length;
  const channels = image.shape.at(-1) ?? 1;
  if (rank < 2 || vector.shape.length > rank || vector.shape.at(-1) !== channels) return undefined;
  const padded = [...new Array<number>(rank - vector.shape.length).fill(1), ...vector.shape];
  const first = padded.slice(0, -1).findLastIndex((length) => length > 1) + 1;
  const groups = util.sizeFromShape(padded.slice(0, first));
  if (groups !== util.sizeFromShape(image.shape.slice(0, first)) && groups !== 1) return undefined;
  const rows = util.sizeFromShape(image.shape.slice(0, -1)) / groups;
  const factor = rowsPerRow(rows, channels);
  if (factor === 1) return undefined;
  const { graph } = trace;
  const single = trace.reshaped(vector, [groups, 1, channels]);
  return {
    image: trace.reshaped(image, [groups, rows / factor, factor * channels]),
    vector: graph.op('Tile', [single, graph.ints([1, 1, factor])]),
  };
}

/**
 * Reduces the rows of matrices; where they are short, long ones first and then their parts.
 *
 * @param onnxType a reduction of which parts may be taken: of sums, of means, of maxima
 * @returns [groups, channels] up to its shape
 */
export function reduceRows(
  trace: Trace,
  onnxType: string,
  x: TensorInfo,
  { groups, rows, channels }: { groups: number; rows: number; channels: number },
): string {
  const { graph } = trace;
  const factor = rowsPerRow(rows, channels);
  const isTwice = factor > 1 && factor < rows;
  // The runtime reduces the groups in parallel, or, where there is one, the columns: then as a matrix.
  const reduce = (value: (shape: readonly number[]) => string, count: number, length: number) =>
    groups === 1
      ? graph.op(onnxType, [value([count, length]), graph.ints([0])], { keepdims: 0 })
      : graph.op(onnxType, [value([groups, count, length]), graph.ints([1])], { keepdims: 0 });
  if (!isTwice) return reduce((shape) => trace.reshaped(x, shape), rows, channels);
  const wide = reduce((shape) => trace.reshaped(x, shape), rows / factor, factor * channels);
  const parts = (shape: readonly number[]) => graph.reshape(wide, shape);
  return reduce(parts, factor, channels);
}
