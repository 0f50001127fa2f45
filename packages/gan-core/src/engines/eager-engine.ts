import * as tf from '@tensorflow/tfjs-core';
import type { Engine, EngineName } from './engine.js';

/** Runs steps operation by operation on a backend of TensorFlow.js, which it makes the current one. */
export function eagerEngine(name: EngineName, backend: string, device: string): Engine {
  return {
    name,
    device,
    threads: undefined,
    activate: () => activate(backend),
    compile: (step, { inputs: specs }) =>
      Promise.resolve({
        run: async (...inputs) => {
          await activate(backend);
          let values: Float32Array[] = [];
          // Not returned: tidy would look for tensors among their numbers.
          tf.tidy(() => {
            const tensors = specs.map(({ shape, dtype = 'float32' }, i) => {
              // -1 is what the values come to.
              const lengths = shape.map((length) => length ?? -1);
              return tf.reshape(tf.tensor1d(inputs[i] ?? [], dtype), lengths);
            });
            values = step(...tensors).map((tensor) => Float32Array.from(tensor.dataSync()));
          });
          return values;
        },
        dispose: () => Promise.resolve(),
      }),
    read: (variable) => Promise.resolve(Float32Array.from(variable.dataSync())),
    write(variable, values) {
      const tensor = tf.tensor(values, variable.shape);
      variable.assign(tensor);
      tensor.dispose();
      return Promise.resolve();
    },
    dispose: () => Promise.resolve(),
  };
}

async function activate(backend: string): Promise<void> {
  await tf.setBackend(backend);
}
