import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { StepCompiler } from '../src/index.js';

/** Runs steps op by op on the reference backend: an independent judge of what a compiled step returns. */
export const eagerCompiler: StepCompiler = {
  async compile(step, { inputs }) {
    await tf.setBackend('cpu');
    return {
      run: (...values) => {
        const outputs = tf.tidy(() =>
          step(
            ...inputs.map(({ shape }, i) =>
              // -1 is what the values come to.
              tf.reshape(
                tf.tensor1d(values[i] ?? [], 'float32'),
                shape.map((length) => length ?? -1),
              ),
            ),
          ).map((tensor) => tensor.dataSync() as Float32Array),
        );
        return Promise.resolve(outputs);
      },
      dispose: () => Promise.resolve(),
    };
  },
};
