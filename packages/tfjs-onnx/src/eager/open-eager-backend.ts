import { findBackendFactory, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import { registerOperations } from '../kernels/register-operations.js';
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
  // Loading the layers registers every operation's gradient.
  await import('@tensorflow/tfjs-layers');
  if (!(findBackendFactory(EAGER_BACKEND_NAME) as unknown)) {
    registerBackend(EAGER_BACKEND_NAME, () => new EagerBackend(runtime), 0);
    registerOperations(EAGER_BACKEND_NAME, ({ name, inputs, attributes, backend, kernel }) => {
      if (!(backend instanceof EagerBackend)) throw new Error('Expected the eager backend.');
      return backend.run(name, kernel(), inputs, attributes);
    });
  }
  await setBackend(EAGER_BACKEND_NAME);
  return EAGER_BACKEND_NAME;
}
