import * as tf from '@tensorflow/tfjs-core';
import { Matrix } from 'ml-matrix';
import { rowBlocks } from '../distances/row-blocks.js';
import type { StepCompiler } from '../step-compiler.js';

/** The products of a subspace iteration, in which everything is as long as the features are wide. */
export interface SubspaceProducts {
  /** The covariance times directions [dimensions, width], and the covariance along them [width, width]. */
  spread(directions: Float32Array): Promise<{ image: Float32Array; covariance: Matrix }>;
  /** Columns [dimensions, width] times a matrix, and the products of the new columns [width, width]. */
  rotate(columns: Float32Array, matrix: Matrix): Promise<{ columns: Float32Array; gram: Matrix }>;
  dispose(): Promise<void>;
}

/**
 * Opens the products for features [n, dimensions] of mean 0.
 *
 * @param width number of directions
 */
export async function openSubspaceProducts(
  compiler: StepCompiler,
  centred: Float32Array,
  dimensions: number,
  width: number,
): Promise<SubspaceProducts> {
  const directionsInput = { name: 'directions', shape: [dimensions, width] };
  const spread = await compiler.compile(
    (rows, directions) => {
      const projected = tf.matMul(rows, directions); // [rows, width]
      return [tf.matMul(rows, projected, true), tf.matMul(projected, projected, true)];
    },
    { inputs: [{ name: 'rows', shape: [null, dimensions] }, directionsInput], variables: [] },
  );
  const rotate = await compiler.compile(
    (directions, matrix) => {
      const rotated = tf.matMul(directions, matrix);
      return [rotated, tf.matMul(rotated, rotated, true)];
    },
    { inputs: [directionsInput, { name: 'matrix', shape: [width, width] }], variables: [] },
  );
  const square = (values: ArrayLike<number>) =>
    Matrix.from1DArray(width, width, Array.from(values));
  return {
    async spread(directions) {
      const image = new Float32Array(dimensions * width);
      const covariance = new Float64Array(width * width);
      const share = dimensions / (centred.length - dimensions);
      for (const { values } of rowBlocks(centred, dimensions)) {
        const [ofBlock = [], within = []] = await spread.run(values, directions);
        for (let at = 0; at < image.length; at++)
          image[at] = (image[at] ?? 0) + share * (ofBlock[at] ?? 0);
        for (let at = 0; at < covariance.length; at++)
          covariance[at] = (covariance[at] ?? 0) + share * (within[at] ?? 0);
      }
      return { image, covariance: square(covariance) };
    },
    async rotate(columns, matrix) {
      const [rotated = new Float32Array(0), gram = []] = await rotate.run(
        columns,
        Float32Array.from(matrix.to1DArray()),
      );
      return { columns: rotated, gram: square(gram) };
    },
    async dispose() {
      await spread.dispose();
      await rotate.dispose();
    },
  };
}
