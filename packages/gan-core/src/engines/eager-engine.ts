import * as tf from '@tensorflow/tfjs-core';
import type { Engine, EngineName } from './engine.js';

/** Runs steps operation by operation on a TensorFlow.js backend that is current. */
export function eagerEngine(name: EngineName, device: string): Engine {
  return {
    name,
    device,
    threads: undefined,
    compile: (step, specs) =>
      Promise.resolve({
        run: (...inputs) => {
          const tensors = specs.map(({ shape, dtype = 'float32' }, i) =>
            tf.tensor(inputs[i] ?? [], [...shape], dtype),
          );
          const outputs = tf.tidy(() =>
            step(...tensors).map((tensor) => Float32Array.from(tensor.dataSync())),
          );
          tf.dispose(tensors);
          return Promise.resolve(outputs);
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
