import { registerKernel } from '@tensorflow/tfjs-core';
import { allKernels } from './kernels/index.js';
import { BACKEND_NAME, TraceBackend } from './trace-backend.js';

/** Registers every kernel on the tracing backend: a call appends to the step under construction. */
export function registerKernels(): void {
  for (const [kernelName, append] of allKernels()) {
    registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const trace = backend instanceof TraceBackend ? backend.trace : undefined;
        if (!trace) {
          throw new Error(
            `The operation ${kernelName} was called outside of a step; on this backend operations run only inside steps that were compiled.`,
          );
        }
        return append(trace, inputs, attrs ?? {});
      },
    });
  }
}
