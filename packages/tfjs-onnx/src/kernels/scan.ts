import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { apply } from './apply.js';
import { kernel } from './register.js';

interface Scan {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** Registers running sums and products. */
export function registerScan(): void {
  kernel<{ x: TensorInfo }, Scan>('Cumsum', (trace, { x }, { axis, exclusive, reverse }) => {
    const inputs = [trace.value(x), trace.graph.constant([axis], [], 'int64')];
    const sums = trace.graph.op('CumSum', inputs, {
      exclusive: Number(exclusive),
      reverse: Number(reverse),
    });
    return trace.tensor(sums, x.shape, x.dtype);
  });
  kernel<{ x: TensorInfo }, Scan>('Cumprod', (trace, { x }, { axis, exclusive, reverse }) => {
    const [along = 0] = util.parseAxisParam(axis, x.shape);
    const turned = (tensor: TensorInfo) =>
      reverse ? apply(trace, 'Reverse', { x: tensor }, { dims: along }) : tensor;
    let product = turned(x);
    if (exclusive) product = shift(trace, product, along, 1);
    // Each pass doubles the number of factors.
    for (let factors = 1; factors < (x.shape[along] ?? 1); factors *= 2) {
      const before = shift(trace, product, along, factors);
      product = apply(trace, 'Multiply', { a: product, b: before });
    }
    return turned(product);
  });
}

/** Moves elements up along an axis: ones come in at the start, the end drops out. */
function shift(trace: Trace, x: TensorInfo, along: number, by: number): TensorInfo {
  const paddings = x.shape.map((_, axis) => (axis === along ? [by, 0] : [0, 0]));
  const padded = apply(trace, 'PadV2', { x }, { paddings, constantValue: 1 });
  const begin = x.shape.map(() => 0);
  return apply(trace, 'Slice', { x: padded }, { begin, size: x.shape });
}
