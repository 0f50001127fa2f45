import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers every operation's gradient.
import '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import { openEagerBackend, openOnnxEngine, type Step } from '../src/index.js';

tf.env().set('PROD', true);

/** An input: its shape and its values, random ones unless given. */
export interface TestInput {
  readonly shape: number[];
  readonly values?: readonly number[];
}

/** Reproducible normal-looking numbers. */
export function randomValues(seed: number, length: number, scale = 1): Float32Array {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length }, () => scale * (next() + next() + next() + next() - 2));
}

/** Runs a step on TensorFlow.js's current backend, one operation after the other. */
function runHere(step: Step, inputs: readonly TestInput[]): Float32Array[] {
  return tf.tidy(() =>
    step(...inputs.map((input, i) => tf.tensor(valuesOf(input, i), input.shape))).map((tensor) =>
      Float32Array.from(tensor.dataSync()),
    ),
  );
}

/** Runs a step as a compiled graph. */
export async function runCompiled(
  step: Step,
  inputs: readonly TestInput[],
): Promise<Float32Array[]> {
  const engine = await openOnnxEngine({ threads: 2 });
  const specs = inputs.map(({ shape }, i) => ({ name: `x${i}`, shape }));
  const compiled = await engine.compile(step, { inputs: specs, variables: [] });
  const outputs = await compiled.run(...inputs.map(valuesOf));
  await engine.dispose();
  return outputs;
}

/** Expects the same numbers from the CPU backend, compiled and eager, up to `tolerance` times the largest one. */
export async function expectSame(
  step: Step,
  inputs: readonly TestInput[],
  tolerance = 1e-5,
): Promise<void> {
  await tf.setBackend('cpu');
  const expected = runHere(step, inputs);
  const compiled = await runCompiled(step, inputs);
  await openEagerBackend();
  const eager = runHere(step, inputs);
  expect([compiled.length, eager.length]).toEqual([expected.length, expected.length]);
  expected.forEach((values, i) => {
    expectClose(compiled[i], values, tolerance);
    expectClose(eager[i], values, tolerance);
  });
}

export function expectClose(
  received: Float32Array | undefined,
  expected: Float32Array,
  tolerance: number,
): void {
  expect(received?.length).toBe(expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
  const worst = expected.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - (received?.[i] ?? NaN))),
    0,
  );
  expect(worst / scale).toBeLessThan(tolerance);
}

export function valuesOf({ shape, values }: TestInput, i: number): Float32Array {
  return values ? Float32Array.from(values) : randomValues(i + 1, tf.util.sizeFromShape(shape));
}
