import {
  registerKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { BACKEND_NAME, TraceBackend } from '../trace-backend.js';
import type { Trace } from '../trace.js';

/** A kernel: reads inputs and attributes, appends to the trace, names its result. */
export type TraceKernel<I, A> = (
  trace: Trace,
  inputs: I,
  attributes: A,
) => TensorInfo | TensorInfo[];

/** Registers the kernel of one TensorFlow.js operation. */
export function kernel<I = NamedTensorInfoMap, A = NamedAttrMap>(
  name: string,
  append: TraceKernel<I, A>,
): void {
  registerKernel({
    kernelName: name,
    backendName: BACKEND_NAME,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const trace = backend instanceof TraceBackend ? backend.trace : undefined;
      if (!trace) {
        throw new Error(
          `The operation ${name} was called outside of a step; on this backend operations run only inside steps that were compiled.`,
        );
      }
      return append(trace, inputs as I, (attrs ?? {}) as A);
    },
  });
}
