import * as tf from '@tensorflow/tfjs-core';
import type { Step } from '../src/index.js';
import type { TestInput } from './run-both.js';
import { valuesOf } from './run-both.js';

/** Half the distance of a central difference. */
const DISTANCE = 1e-5;

/**
 * The gradients of the sum of a function's weighted results, by central differences in float64: the CPU
 * backend of TensorFlow.js computes in whatever array stands for float32.
 *
 * @returns one array per input
 */
export async function centralDifferences(
  compute: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly TestInput[],
): Promise<Float64Array[]> {
  await tf.setBackend('cpu');
  return inDoubles(() => {
    const values = inputs.map((input, i) => Float64Array.from(valuesOf(input, i)));
    const evaluate = () =>
      tf.tidy(() => {
        const tensors = inputs.map(({ shape }, i) => tf.tensor([...(values[i] ?? [])], shape));
        const results = compute(...tensors).dataSync<'float32'>();
        return results.reduce((sum, value, i) => sum + value * weightAt(i), 0);
      });
    return values.map((own) =>
      own.map((value, i) => {
        own[i] = value + DISTANCE;
        const above = evaluate();
        own[i] = value - DISTANCE;
        const below = evaluate();
        own[i] = value;
        return (above - below) / (2 * DISTANCE);
      }),
    );
  });
}

/** The step that computes the same gradients through the tape. */
export function gradientStep(compute: (...inputs: tf.Tensor[]) => tf.Tensor): Step {
  return (...inputs) =>
    tf.grads((...tensors: tf.Tensor[]) => {
      const result = compute(...tensors);
      const weights = Float32Array.from({ length: result.size }, (_, i) => weightAt(i));
      return tf.sum(tf.mul(result, tf.tensor(weights, result.shape)));
    })(inputs);
}

/** Different weights for the results, so that no two mistakes cancel. */
function weightAt(i: number): number {
  return Math.fround(Math.cos(i * 1.7) + 0.3);
}

function inDoubles<T>(work: () => T): T {
  const single = globalThis.Float32Array;
  Object.assign(globalThis, { Float32Array: Float64Array });
  try {
    return work();
  } finally {
    Object.assign(globalThis, { Float32Array: single });
  }
}
