import * as tf from '@tensorflow/tfjs-core';
import type { Engine, EngineName } from './engine.js';

/** Runs steps operation by operation on a backend of TensorFlow.js, which it makes the current one. */
export function eagerEngine(name: EngineName, backend: string, device: string): Engine {
  return {
    name,
    device,
    threads: undefined,
    activate: () => activate(backend),
    compile: (step, specs) =>
      Promise.resolve({
        run: async (...inputs) => {
          await activate(backend);
          const tensors = specs.map(({ shape, dtype = 'float32' }, i) =>
            tf.tensor(inputs[i] ?? [], [...shape], dtype),
          );
          const outputs = tf.tidy(() =>
            step(...tensors).map((tensor) => Float32Array.from(tensor.dataSync())),
          );
          tf.dispose(tensors);
          return outputs;
        },
        dispose: () => Promise.resolve(),
      }),
    read: (variable) => Float32Array.from(variable.dataSync()),
    write(variable, values) {
      const tensor = tf.tensor(values, variable.shape);
      variable.assign(tensor);
      tensor.dispose();
    },
    dispose: () => Promise.resolve(),
  };
}

async function activate(backend: string): Promise<void> {
  await tf.setBackend(backend);
}
