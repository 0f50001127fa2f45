import type { Trace } from '../trace.js';
import { offsetsOf, type Window } from './window.js';

/**
 * Adds up, for every input pixel, the cells of the windows that cover it: the reverse of laying out
 * columns, as one Gather of constant indices and one sum.
 *
 * @param cells a value of [batch, count, channels]
 * @param cellOf the cell that belongs to an output pixel and an element of its window
 * @returns [batch, height * width, channels]
 */
export function sumOverWindows(
  trace: Trace,
  cells: string,
  count: number,
  window: Window,
  cellOf: (pixel: number, element: number) => number,
): string {
  const { graph } = trace;
  const [height, width, channels] = window.input;
  const [rows, columns] = window.output;
  const covering: number[][] = Array.from({ length: height * width }, () => []);
  const offsets = offsetsOf(window);
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    const top = Math.floor(pixel / columns) * window.strides[0];
    const left = (pixel % columns) * window.strides[1];
    offsets.forEach(([row, column], element) => {
      const [y, x] = [top + row, left + column];
      if (x < 0 || x >= width) return;
      covering[y * width + x]?.push(cellOf(pixel, element));
    });
  }
  const most = covering.reduce((longest, { length }) => Math.max(longest, length), 1);
  // One cell of zeros behind the others fills up what fewer windows cover.
  const padded = graph.op('Pad', [cells, graph.ints([0, 0, 0, 0, 1, 0])]);
  const indices = covering.flatMap((list) =>
    Array.from({ length: most }, (_, i) => list[i] ?? count),
  );
  const gathered = graph.op('Gather', [padded, trace.indices(indices)], { axis: 1 });
  const grouped = graph.reshape(gathered, [window.batch, height * width, most, channels]);
  return graph.op('ReduceSum', [grouped, graph.ints([2])], { keepdims: 0 });
}
