import { registerKernel, type NamedTensorInfoMap } from '@tensorflow/tfjs-core';
import { allKernels } from './kernels/index.js';
import { callOf, operationNames, unsupported } from './kernels/unsupported.js';
import { BACKEND_NAME, TraceBackend } from './trace-backend.js';
import { userLine } from './user-line.js';

/** Registers every kernel on the tracing backend: a call appends to the step under construction. */
export function registerKernels(): void {
  const kernels = allKernels();
  for (const kernelName of new Set([...operationNames, ...kernels.keys()])) {
    registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const trace = backend instanceof TraceBackend ? backend.trace : undefined;
        if (!trace) {
          throw new Error(
            `The operation ${kernelName} was called outside of a step${userLine()}; on this backend operations run only inside steps that were compiled.`,
          );
        }
        const append = kernels.get(kernelName);
        if (!append) throw unsupported(kernelName, inputs);
        try {
          return append(trace, inputs, attrs ?? {});
        } catch (error) {
          throw located(error, kernelName, inputs);
        }
      },
    });
  }
}

/** The error of a kernel, with the call and the user's line that it is about. */
function located(error: unknown, name: string, inputs: NamedTensorInfoMap): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${callOf(name, inputs)} failed${userLine()}: ${message}`, { cause: error });
}
