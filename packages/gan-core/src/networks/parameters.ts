import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '../random-stream.js';

/** A parameter before it exists: its shape and how it starts. */
export interface ParameterSpec {
  readonly shape: readonly number[];
  /**
   * N(0, .02), the DCGAN paper's start; N(0, 1), for embeddings; N(0, 2 / inputs), for layers without normalisation;
   * or a constant.
   */
  readonly start: keyof typeof startScales | number;
  /** Whether row i belongs to class i: such rows are matched by label when another run's weights are taken over. */
  readonly rowsAreClasses?: true;
}

/** Parameters before they exist, by name. */
export type ParameterSpecs = ReadonlyMap<string, ParameterSpec>;

/** Parameters by name. */
export type Parameters = ReadonlyMap<string, tf.Variable>;

/** Standard deviations of initial values by the number of a unit's inputs (Radford et al., 2016; He et al., 2015). */
const startScales = {
  normal: () => 0.02,
  'unit normal': () => 1,
  scaled: (inputs: number) => Math.sqrt(2 / inputs),
};

/** Makes the variables of a network on the current backend. */
export function createParameters(
  specs: ParameterSpecs,
  seed: number,
  prefix: string,
): Map<string, tf.Variable> {
  return new Map(
    [...specs].map(([name, { shape, start }]) => [
      name,
      createVariable(shape, initialValues(shape, start, seed, `${prefix}/${name}`)),
    ]),
  );
}

/** One variable of zeros for each of the given ones: optimizer moments. */
export function zerosLike(parameters: Parameters): Map<string, tf.Variable> {
  return new Map(
    [...parameters].map(([name, { shape, size }]) => [
      name,
      createVariable(shape, new Float32Array(size)),
    ]),
  );
}

/** One variable for each of the given ones, with their values. */
export function copiesOf(parameters: Parameters): Map<string, tf.Variable> {
  return new Map(
    [...parameters].map(([name, variable]) => [
      name,
      // A copy of the numbers: TensorFlow.js keeps the array that it is given.
      createVariable(variable.shape, Float32Array.from(variable.dataSync())),
    ]),
  );
}

/** The parameter of that name. */
export function get(parameters: Parameters, name: string): tf.Variable {
  const variable = parameters.get(name);
  if (!variable) throw new Error(`The network has no parameter ${name}.`);
  return variable;
}

export function createVariable(shape: readonly number[], values: Float32Array): tf.Variable {
  const initial = tf.tensor(values, [...shape]);
  const variable = tf.variable(initial);
  initial.dispose();
  return variable;
}

function initialValues(
  shape: readonly number[],
  start: ParameterSpec['start'],
  seed: number,
  name: string,
): Float32Array {
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  if (typeof start === 'number') return values.fill(start);
  const scale = startScales[start](values.length / (shape.at(-1) ?? 1));
  randomStream(seed, 'weights', name).fillNormal(values, scale);
  return values;
}
