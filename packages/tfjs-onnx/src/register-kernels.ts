import type { NamedTensorInfoMap } from '@tensorflow/tfjs-core';
import { registerOperations } from './kernels/register-operations.js';
import { callOf } from './kernels/unsupported.js';
import { BACKEND_NAME, TraceBackend } from './trace-backend.js';
import { userLine } from './user-line.js';

/** Registers every kernel on the tracing backend: a call appends to the step under construction. */
export function registerKernels(): void {
  registerOperations(BACKEND_NAME, ({ name, inputs, attributes, backend, kernel }) => {
    const trace = backend instanceof TraceBackend ? backend.trace : undefined;
    if (!trace) {
      throw new Error(
        `The operation ${name} was called outside of a step${userLine()}; on this backend operations run only inside steps that were compiled.`,
      );
    }
    const append = kernel();
    try {
      return append(trace, inputs, attributes);
    } catch (error) {
      throw located(error, name, inputs);
    }
  });
}

/** The error of a kernel, with the call and the user's line that it is about. */
function located(error: unknown, name: string, inputs: NamedTensorInfoMap): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${callOf(name, inputs)} failed${userLine()}: ${message}`, { cause: error });
}
