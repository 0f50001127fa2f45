import type { TensorInfo } from '@tensorflow/tfjs-core';
import { asType, valueAs } from './cast.js';
import { kernel } from './register.js';

interface Unary {
  x: TensorInfo;
}
type Paddings = readonly [before: number, after: number][];

/** Registers padding, by a number and by mirroring. */
export function registerPad(): void {
  kernel<Unary, { paddings: Paddings; constantValue: number }>(
    'PadV2',
    (trace, { x }, { paddings, constantValue }) => {
      const { graph } = trace;
      const shape = paddedShape(x, paddings);
      if (shape.join() === x.shape.join()) return trace.alias(x, x.shape);
      const pads = graph.ints([
        ...paddings.map(([before]) => before),
        ...paddings.map(([, after]) => after),
      ]);
      const type = x.dtype === 'float32' ? 'float32' : 'int32';
      const value = graph.constant([constantValue], [], type);
      const padded = graph.op('Pad', [valueAs(trace, x, type), pads, value]);
      return asType(trace, trace.tensor(padded, shape, type), x.dtype);
    },
  );
  kernel<Unary, { paddings: Paddings; mode: 'reflect' | 'symmetric' }>(
    'MirrorPad',
    (trace, { x }, { paddings, mode }) => {
      const skip = mode === 'reflect' ? 1 : 0;
      const value = paddings.reduce((padded, [before, after], axis) => {
        if (before + after === 0) return padded;
        const length = x.shape[axis] ?? 1;
        const last = length - 1;
        const indices = Array.from({ length: before + length + after }, (_, i) => {
          const at = i - before;
          if (at < 0) return -at - 1 + skip;
          return at > last ? 2 * last + 1 - at - skip : at;
        });
        return trace.graph.op('Gather', [padded, trace.graph.ints(indices)], { axis });
      }, trace.value(x));
      return trace.tensor(value, paddedShape(x, paddings), x.dtype);
    },
  );
}

function paddedShape({ shape }: TensorInfo, paddings: Paddings): number[] {
  return shape.map((length, axis) => {
    const [before, after] = paddings[axis] ?? [0, 0];
    return before + length + after;
  });
}
