import { util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import { elementType, type Trace } from '../trace.js';
import { kernel } from './register.js';

/** Registers the operations whose result is known while tracing. */
export function registerConstants(): void {
  kernel<object, { shape: number[]; value: number | boolean; dtype?: DataType }>(
    'Fill',
    (trace, _inputs, { shape, value, dtype = 'float32' }) =>
      trace.splat(Number(value), shape, dtype),
  );
  kernel<{ x: TensorInfo }>('ZerosLike', (trace, { x }) => trace.splat(0, x.shape, x.dtype));
  kernel<{ x: TensorInfo }>('OnesLike', (trace, { x }) => trace.splat(1, x.shape, x.dtype));
  kernel<object, { start: number; stop: number; step: number; dtype: 'float32' | 'int32' }>(
    'Range',
    (trace, _inputs, { start, stop, step, dtype }) => {
      const isEmpty = start === stop || (start < stop && step < 0) || (start > stop && step > 1);
      // Without a step of its own a range that falls goes down by 1.
      const by = start > stop && step === 1 ? -1 : step;
      const count = isEmpty ? 0 : Math.abs(Math.ceil((stop - start) / step));
      return vector(
        trace,
        util.makeOnesTypedArray(count, dtype).map((_, i) => start + i * by),
        dtype,
      );
    },
  );
  kernel<object, { start: number; stop: number; num: number }>(
    'LinSpace',
    (trace, _inputs, { start, stop, num }) => {
      const step = (stop - start) / (num - 1);
      const values = Array.from({ length: num }, (_, i) => start + i * (num > 1 ? step : 0));
      return vector(trace, values, 'float32');
    },
  );
}

function vector(trace: Trace, values: ArrayLike<number>, dtype: DataType): TensorInfo {
  const shape = [values.length];
  return trace.tensor(trace.graph.constant(values, shape, elementType(dtype)), shape, dtype);
}
