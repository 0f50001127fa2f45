import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Trace } from '../trace.js';
import { kernels } from './register.js';

/** Appends another operation, for kernels that are made of several. */
export function apply(
  trace: Trace,
  name: string,
  inputs: Record<string, TensorInfo>,
  attributes: object = {},
): TensorInfo {
  const append = kernels.get(name);
  if (!append) throw new Error(`Expected the kernel of a known operation but received ${name}.`);
  const [result] = [append(trace, inputs, { ...attributes })].flat();
  if (!result) throw new Error(`Expected a result of ${name} but received none.`);
  return result;
}
