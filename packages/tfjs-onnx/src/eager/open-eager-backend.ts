import {
  findBackendFactory,
  registerBackend,
  registerKernel,
  setBackend,
} from '@tensorflow/tfjs-core';
// Importing the layers registers every operation's gradient.
import '@tensorflow/tfjs-layers';
import { allKernels } from '../kernels/index.js';
import { operationNames, unsupported } from '../kernels/unsupported.js';
import { loadRuntime } from '../load-runtime.js';
import { EAGER_BACKEND_NAME, EagerBackend } from './eager-backend.js';

/**
 * Makes the backend that runs each operation at once TensorFlow.js's current one, for debugging: the
 * same function, with the same kernels, whose tensors can be read at every line.
 *
 * @returns the backend's name, for `setBackend`
 * @throws EngineUnavailableError when onnxruntime-node cannot be loaded
 */
export async function openEagerBackend(): Promise<string> {
  const { runtime } = await loadRuntime();
  if (!(findBackendFactory(EAGER_BACKEND_NAME) as unknown)) {
    registerBackend(EAGER_BACKEND_NAME, () => new EagerBackend(runtime), 0);
    const kernels = allKernels();
    for (const kernelName of new Set([...operationNames, ...kernels.keys()])) {
      registerKernel({
        kernelName,
        backendName: EAGER_BACKEND_NAME,
        kernelFunc: ({ inputs, attrs, backend }) => {
          if (!(backend instanceof EagerBackend)) throw new Error('Expected the eager backend.');
          const append = kernels.get(kernelName);
          if (!append) throw unsupported(kernelName, inputs);
          return backend.run(kernelName, append, inputs, attrs ?? {});
        },
      });
    }
  }
  await setBackend(EAGER_BACKEND_NAME);
  return EAGER_BACKEND_NAME;
}
