import type { Trace } from '../trace.js';
import type { Offset } from './window.js';

/** What columns are made with. */
export interface ColumnOptions {
  /** What is outside of the image: 0 unless given. */
  readonly padding?: number | undefined;
  /** A value that has to be there first: the columns are made again, late, instead of being kept. */
  readonly after?: string | undefined;
}

/** ONNX's number of the type. */
const INT64 = 7;

/**
 * Lays out, for every output pixel, the input pixels under the given offsets (im2col) with one Gather
 * of constant indices, which the runtime runs on all threads; the columns are shared by whoever asks again.
 *
 * @param image a value of [batch, height * width, channels] up to its shape
 * @param offsets input row and column of each tap for the output pixel (0, 0)
 * @returns [batch * rows * columns, offsets * channels]
 */
export function gatherColumns(
  trace: Trace,
  image: string,
  sizes: { batch: number; height: number; width: number; channels: number },
  output: { rows: number; columns: number; stride: number; columnStride?: number },
  offsets: readonly Offset[],
  { padding = 0, after }: ColumnOptions = {},
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
  let pixels = graph.reshape(image, [batch, outside, channels]);
  if (indices.includes(outside)) {
    // One pixel behind the image stands for the padding.
    const value = padding === 0 ? [] : [graph.float(padding)];
    pixels = graph.op('Pad', [pixels, graph.ints([0, 0, 0, 0, 1, 0]), ...value]);
  }
  const fixed = trace.indices(indices);
  const where = after === undefined ? fixed : graph.op('Add', [fixed, zeroAfter(trace, after)]);
  const gathered = graph.op('Gather', [pixels, where], { axis: 1 });
  const rows = batch * output.rows * output.columns;
  return graph.reshape(gathered, [rows, offsets.length * channels]);
}

/** A zero that cannot be computed before a value: no number is greater than itself. */
function zeroAfter({ graph }: Trace, value: string): string {
  const flat = graph.reshape(value, [-1]);
  const first = graph.op('Slice', [flat, graph.ints([0]), graph.ints([1])]);
  return graph.op('Cast', [graph.op('Greater', [first, first])], { to: INT64 });
}
