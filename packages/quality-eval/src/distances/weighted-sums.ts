import * as tf from '@tensorflow/tfjs-core';
import type { StepCompiler } from '../step-compiler.js';
import type { PairBlock } from './pair-blocks.js';

/** Weightings of one run: the usual number of bootstrap samples, and some. */
const WEIGHTINGS = 512;

/** Sums of a block's values under several weightings of its rows and columns. */
export interface WeightedSums {
  /**
   * For each weighting, the sum of a block's values, each times the weights of its row and its column; in float32.
   *
   * @param block its values beyond its rows and columns are 0
   * @param ofRows weights of all rows of the matrix, [weightings][m]
   * @param ofColumns weights of all its columns, [weightings][n]
   */
  sums(
    block: PairBlock,
    ofRows: readonly ArrayLike<number>[],
    ofColumns: readonly ArrayLike<number>[],
  ): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens the sums: a matrix product for all weightings at once. */
export async function openWeightedSums(compiler: StepCompiler): Promise<WeightedSums> {
  const step = await compiler.compile(
    (left, values, right) => {
      const matrix = tf.reshape(values, [left.shape[1] ?? 0, right.shape[1] ?? 0]);
      return [tf.sum(tf.mul(tf.matMul(left, matrix), right), 1)]; // [weightings]
    },
    {
      inputs: [
        { name: 'left', shape: [WEIGHTINGS, null] },
        { name: 'values', shape: [null] },
        { name: 'right', shape: [WEIGHTINGS, null] },
      ],
      variables: [],
    },
  );
  return {
    async sums({ rowFrom, rows, columnFrom, columns, values, stride }, ofRows, ofColumns) {
      const sums = new Float32Array(ofRows.length);
      for (let first = 0; first < sums.length; first += WEIGHTINGS) {
        const some = [ofRows, ofColumns].map((all) => all.slice(first, first + WEIGHTINGS));
        const left = partOf(some[0] ?? [], rowFrom, rows, values.length / stride);
        const right = partOf(some[1] ?? [], columnFrom, columns, stride);
        const [block = left] = await step.run(left, values, right);
        sums.set(block.subarray(0, sums.length - first), first);
      }
      return sums;
    },
    dispose: () => step.dispose(),
  };
}

/** Some of each weighting's weights, filled up with zeros: [512, length]. */
function partOf(
  weightings: readonly ArrayLike<number>[],
  from: number,
  count: number,
  length: number,
): Float32Array {
  const part = new Float32Array(WEIGHTINGS * length);
  for (const [row, weights] of weightings.entries()) {
    for (let i = 0; i < count; i++) part[row * length + i] = weights[from + i] ?? 0;
  }
  return part;
}
