import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { toNchw, toNhwc } from '../convolution/layout.js';
import { sumOverWindows } from '../convolution/sum-over-windows.js';
import { windowColumns } from '../convolution/window-columns.js';
import { offsetsOf, windowOf, type Window } from '../convolution/window.js';
import type { Trace } from '../trace.js';
import { asType } from './cast.js';
import { kernel } from './register.js';

interface PoolAttributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: Parameters<typeof backend_util.computePool2DInfo>[4];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Registers maximum and average pooling and their gradients. */
export function registerPooling(): void {
  pool('MaxPool', (trace, x, window) =>
    isWide(window)
      ? reduceColumns(trace, 'ReduceMax', x, window, -Infinity)
      : poolNatively(trace, 'MaxPool', x, window),
  );
  pool('AvgPool', (trace, x, window) => {
    if (!isWide(window)) return poolNatively(trace, 'AveragePool', x, window);
    const sums = reduceColumns(trace, 'ReduceSum', x, window, 0);
    const shares = trace.graph.constant(sharesOf(window), [pixelsOf(window), 1], 'float32');
    const averages = trace.graph.op('Mul', [trace.value(sums), shares]);
    return trace.tensor(averages, sums.shape, sums.dtype);
  });
  kernel<{ dy: TensorInfo; input: TensorInfo }, PoolAttributes>(
    'MaxPoolGrad',
    (trace, { dy, input }, attributes) => {
      const { graph } = trace;
      const window = poolWindow(input, attributes);
      const { batch, output, filter } = window;
      const [elements, pixels] = [filter[0] * filter[1], output[0] * output[1]];
      const under = graph.reshape(windowColumns(trace, input, window, { padding: -Infinity }), [
        batch * pixels,
        elements,
        output[2],
      ]);
      // The first largest element of each window gets the gradient.
      const largest = graph.op('ArgMax', [under], { axis: 1, keepdims: 1 });
      const all = graph.constant(
        Array.from({ length: elements }, (_, i) => i),
        [1, elements, 1],
        'int64',
      );
      const gradient = trace.reshaped(dy, [batch * pixels, 1, output[2]]);
      const isLargest = graph.op('Equal', [largest, all]);
      const cells = graph.reshape(graph.op('Where', [isLargest, gradient, graph.float(0)]), [
        batch,
        pixels * elements,
        output[2],
      ]);
      const cellOf = (pixel: number, element: number) => pixel * elements + element;
      return image(trace, sumOverWindows(trace, cells, pixels * elements, window, cellOf), input);
    },
  );
  kernel<{ dy: TensorInfo; input: TensorInfo }, PoolAttributes>(
    'AvgPoolGrad',
    (trace, { dy, input }, attributes) => {
      const window = poolWindow(input, attributes);
      const { batch, output } = window;
      const pixels = output[0] * output[1];
      const shares = trace.graph.constant(sharesOf(window), [1, pixels, 1], 'float32');
      const cells = trace.graph.op('Mul', [trace.reshaped(dy, [batch, pixels, output[2]]), shares]);
      return image(
        trace,
        sumOverWindows(trace, cells, pixels, window, (pixel) => pixel),
        input,
      );
    },
  );
}

function pool(
  name: string,
  append: (trace: Trace, x: TensorInfo, window: Window) => TensorInfo,
): void {
  kernel<{ x: TensorInfo }, PoolAttributes>(name, (trace, { x }, attributes) => {
    const window = poolWindow(x, attributes);
    const shape = [window.batch, ...window.output];
    const pooled = trace.alias(append(trace, asType(trace, x, 'float32'), window), shape);
    return asType(trace, pooled, x.dtype);
  });
}

function pixelsOf({ output }: Window): number {
  return output[0] * output[1];
}

/** Whether some window may lie in the padding altogether, which the runtime's own pooling refuses. */
function isWide({ filter, pads }: Window): boolean {
  return pads.some((pad, side) => pad >= filter[side % 2 === 0 ? 0 : 1]);
}

function poolNatively(trace: Trace, onnxType: string, x: TensorInfo, window: Window): TensorInfo {
  const pooled = trace.graph.op(onnxType, [toNchw(trace, trace.value(x))], {
    kernel_shape: window.filter,
    strides: window.strides,
    pads: window.pads,
  });
  return trace.tensor(toNhwc(trace, pooled), [window.batch, ...window.output], 'float32');
}

/** [batch, pixels, channels] */
function reduceColumns(
  trace: Trace,
  onnxType: string,
  x: TensorInfo,
  window: Window,
  padding: number,
): TensorInfo {
  const { batch, filter, output } = window;
  const shape = [batch, pixelsOf(window), filter[0] * filter[1], output[2]];
  const columns = windowColumns(trace, x, window, { padding });
  const under = trace.graph.reshape(columns, shape);
  const reduced = trace.graph.op(onnxType, [under, trace.graph.ints([2])], { keepdims: 0 });
  return trace.tensor(reduced, [batch, pixelsOf(window), output[2]], 'float32');
}

function poolWindow(
  { shape }: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): Window {
  return windowOf(
    backend_util.computePool2DInfo(
      shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    ),
  );
}

/** One over the number of pixels that each window averages, which leaves the padding out. */
function sharesOf(window: Window): number[] {
  const { input, output, strides } = window;
  return Array.from({ length: output[0] * output[1] }, (_, pixel) => {
    const top = Math.floor(pixel / output[1]) * strides[0];
    const left = (pixel % output[1]) * strides[1];
    const inside = offsetsOf(window).filter(([row, column]) => {
      const [y, x] = [top + row, left + column];
      return y >= 0 && y < input[0] && x >= 0 && x < input[1];
    });
    return 1 / inside.length;
  });
}

function image(trace: Trace, pixels: string, { shape }: TensorInfo): TensorInfo {
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  return trace.alias(trace.tensor(pixels, [batch, height * width, channels], 'float32'), shape);
}
