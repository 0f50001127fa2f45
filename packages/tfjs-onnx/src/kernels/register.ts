import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';

/** A kernel: reads inputs and attributes, appends to the trace, names its result. */
export type TraceKernel<I = NamedTensorInfoMap, A = NamedAttrMap> = (
  trace: Trace,
  inputs: I,
  attributes: A,
) => TensorInfo | TensorInfo[];

/** The kernel of every supported TensorFlow.js operation, by its name. */
export const kernels = new Map<string, TraceKernel>();

/** Adds the kernel of one TensorFlow.js operation. */
export function kernel<I = NamedTensorInfoMap, A = NamedAttrMap>(
  name: string,
  append: TraceKernel<I, A>,
): void {
  kernels.set(name, append as TraceKernel);
}
