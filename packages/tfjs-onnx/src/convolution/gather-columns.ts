import type { Trace } from '../trace.js';
import type { Tap } from './geometry.js';

/**
 * Lays out, for every output pixel, the input pixels under the given offsets (im2col) with one Gather
 * of constant indices, which the runtime runs on all threads; the columns are shared by whoever asks again.
 *
 * @param image a value of [batch, height * width, channels] up to its shape
 * @param offsets input row and column of each tap for the output pixel (0, 0)
 * @param padding what is outside of the image
 * @returns [batch * rows * columns, offsets * channels]
 */
export function gatherColumns(
  trace: Trace,
  image: string,
  sizes: { batch: number; height: number; width: number; channels: number },
  output: { rows: number; columns: number; stride: number; columnStride?: number },
  offsets: readonly Tap[],
  padding = 0,
): string {
  const { batch, height, width, channels } = sizes;
  const { graph } = trace;
  const outside = height * width;
  const indices: number[] = [];
  for (let y = 0; y < output.rows; y++) {
    for (let x = 0; x < output.columns; x++) {
      for (const [row, column] of offsets) {
        const inY = y * output.stride + row;
        const inX = x * (output.columnStride ?? output.stride) + column;
        const isInside = inY >= 0 && inY < height && inX >= 0 && inX < width;
        indices.push(isInside ? inY * width + inX : outside);
      }
    }
  }
  let pixels = graph.op('Reshape', [image, graph.ints([batch, outside, channels])]);
  if (indices.includes(outside)) {
    // One pixel behind the image stands for the padding.
    const value = padding === 0 ? [] : [graph.float(padding)];
    pixels = graph.op('Pad', [pixels, graph.ints([0, 0, 0, 0, 1, 0]), ...value]);
  }
  const gathered = graph.op('Gather', [pixels, trace.indices(indices)], { axis: 1 });
  const rows = batch * output.rows * output.columns;
  return graph.op('Reshape', [gathered, graph.ints([rows, offsets.length * channels])]);
}
