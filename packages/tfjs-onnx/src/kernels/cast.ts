import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { elementType, type Trace } from '../trace.js';
import { kernel } from './register.js';

/** What ONNX calls the element types that values are cast to. */
const onnxTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

/** Registers the change of element type. */
export function registerCast(): void {
  kernel<{ x: TensorInfo }, { dtype: DataType }>('Cast', (trace, { x }, { dtype }) => {
    const splat = trace.splatOf(x);
    if (splat !== undefined) return trace.splat(splat, x.shape, dtype);
    return trace.alias(asType(trace, x, dtype), x.shape);
  });
}

/** The tensor as another type; itself where it is of that type. */
export function asType(trace: Trace, x: TensorInfo, dtype: DataType): TensorInfo {
  return x.dtype === dtype ? x : trace.tensor(valueAs(trace, x, dtype), x.shape, dtype);
}

/** The value of a tensor as another type. */
export function valueAs(trace: Trace, x: TensorInfo, dtype: DataType): string {
  const value = trace.value(x);
  return x.dtype === dtype ? value : castValue(trace, value, elementType(dtype));
}

/** A graph value as another type. */
export function castValue(trace: Trace, value: string, type: keyof typeof onnxTypes): string {
  return trace.graph.op('Cast', [value], { to: onnxTypes[type] });
}
