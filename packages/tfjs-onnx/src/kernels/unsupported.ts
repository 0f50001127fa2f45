import * as tensorflow from '@tensorflow/tfjs-core';
import type { NamedTensorInfoMap } from '@tensorflow/tfjs-core';
import { userLine } from '../user-line.js';

/** Why some operations can have no kernel, and what to do instead. */
const reasons: Readonly<Record<string, string>> = {
  Multinomial: 'random numbers are drawn outside of the step; pass them as an input',
  Unique: 'the size of its result depends on values; compute it outside of the step',
  NonMaxSuppressionV3: 'the size of its result depends on values; compute it outside of the step',
  NonMaxSuppressionV4: 'the size of its result depends on values; compute it outside of the step',
  NonMaxSuppressionV5: 'the size of its result depends on values; compute it outside of the step',
};

/** TensorFlow.js looks whether there is a kernel for it, and does without. */
const OPTIONAL = 'FromPixels';

/** The names of TensorFlow.js's operations, which it exports as constants of the same name. */
export const operationNames: readonly string[] = Object.entries(tensorflow).flatMap(
  ([name, value]) => (name === value && name !== OPTIONAL ? [name] : []),
);

/** The error for an operation without a kernel. */
export function unsupported(name: string, inputs: NamedTensorInfoMap): Error {
  const reason = reasons[name] ?? 'compute it outside of the step and pass the result as an input';
  return new Error(`${callOf(name, inputs)} has no kernel${userLine()}: ${reason}.`);
}

/** An operation as it was called: `Conv2D(x [1, 8, 8, 3], filter [3, 3, 3, 4])`. */
export function callOf(name: string, inputs: NamedTensorInfoMap): string {
  const tensors = Object.entries(inputs).flatMap(([key, tensor]) =>
    tensor ? [`${key} [${tensor.shape.join(', ')}]`] : [],
  );
  return `${name}(${tensors.join(', ')})`;
}
