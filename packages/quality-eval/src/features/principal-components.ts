import * as tf from '@tensorflow/tfjs-core';
import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import { rowBlocks } from '../distances/row-blocks.js';
import type { StepCompiler } from '../step-compiler.js';
import { normalDeviates } from './normal-deviates.js';

/** A projection onto the directions in which features vary most; distances within those are kept, not whitened. */
export interface PrincipalComponents {
  /** Number of components. */
  readonly components: number;
  /** Variance of what was fitted to along each component, falling. */
  readonly variances: readonly number[];
  /** @returns [n, components] for features [n, dimensions]; a row's do not depend on the others */
  apply(features: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Directions beyond those wanted, which make the wanted ones converge sooner. */
const SPARE = 16;
/** Rounds end when the variance within the components grows by less than this share, or after MAX_ROUNDS. */
const TOLERANCE = 1e-5;
const MAX_ROUNDS = 50;
/** Rows projected at a time, always as many: the same row gives the same bits. */
const BLOCK = 256;
/** Seed of the first directions. */
const SEED = 1;

/**
 * Fits the principal components of features by subspace iteration, whose products run compiled: the whole
 * decomposition of a 2,880-d covariance would take minutes. Source: Halko, Martinsson and Tropp, "Finding structure with
 * randomness" (2011), algorithm 4.4.
 *
 * @param features [n, dimensions], n at least 2: a few thousand rows say enough
 * @param wanted components, fewer where n - 1 or `dimensions` is less
 * @throws RangeError for fewer rows
 */
export async function fitPrincipalComponents(
  compiler: StepCompiler,
  features: Float32Array,
  dimensions: number,
  wanted = 64,
): Promise<PrincipalComponents> {
  const count = features.length / dimensions;
  if (count < 2) throw new RangeError(`Expected 2 or more rows of features but received ${count}.`);
  const components = Math.min(wanted, count - 1, dimensions);
  const width = Math.min(components + SPARE, count - 1, dimensions);
  const mean = meanOfRows(features, dimensions);
  const centred = features.map((value, at) => value - (mean[at % dimensions] ?? 0));

  const spread = await compiler.compile(
    (rows, directions) => [tf.matMul(rows, tf.matMul(rows, directions), true)],
    {
      inputs: [
        { name: 'rows', shape: [null, dimensions] },
        { name: 'directions', shape: [dimensions, width] },
      ],
      variables: [],
    },
  );
  /** Covariance times directions, [dimensions, width]. */
  const timesCovariance = async (directions: Matrix): Promise<Matrix> => {
    const flat = Float32Array.from(directions.to1DArray());
    const sum = new Float64Array(dimensions * width);
    for (const { values } of rowBlocks(centred, dimensions)) {
      const [part = new Float32Array(0)] = await spread.run(values, flat);
      for (let at = 0; at < sum.length; at++) {
        sum[at] = (sum[at] ?? 0) + (part[at] ?? 0) / (count - 1);
      }
    }
    return Matrix.from1DArray(dimensions, width, sum);
  };

  let directions = orthonormal(
    Matrix.from1DArray(dimensions, width, normalDeviates(SEED, dimensions * width)),
  );
  let variances: number[] = [];
  let within = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const image = await timesCovariance(directions);
    const { vectors, values } = eigenFalling(directions.transpose().mmul(image));
    const before = within;
    variances = values.slice(0, components);
    within = variances.reduce((sum, value) => sum + value, 0);
    if (within - before <= TOLERANCE * within) {
      directions = directions.mmul(vectors);
      break;
    }
    directions = orthonormal(image.mmul(vectors));
  }
  await spread.dispose();
  const axes = directions.subMatrix(0, dimensions - 1, 0, components - 1);
  return openProjection(compiler, { mean, axes, variances });
}

async function openProjection(
  compiler: StepCompiler,
  { mean, axes, variances }: { mean: Float64Array; axes: Matrix; variances: number[] },
): Promise<PrincipalComponents> {
  const { rows: dimensions, columns: components } = axes;
  const projection = Float32Array.from(axes.to1DArray());
  const project = await compiler.compile((rows, matrix) => [tf.matMul(rows, matrix)], {
    inputs: [
      { name: 'rows', shape: [BLOCK, dimensions] },
      { name: 'matrix', shape: [dimensions, components] },
    ],
    variables: [],
  });
  return {
    components,
    variances,
    async apply(features) {
      const count = features.length / dimensions;
      const projected = new Float32Array(count * components);
      const block = new Float32Array(BLOCK * dimensions);
      for (let from = 0; from < count; from += BLOCK) {
        const rows = Math.min(BLOCK, count - from);
        const own = features.subarray(from * dimensions, (from + rows) * dimensions);
        block.fill(0);
        own.forEach((value, at) => (block[at] = value - (mean[at % dimensions] ?? 0)));
        const [values = new Float32Array(0)] = await project.run(block, projection);
        projected.set(values.subarray(0, rows * components), from * components);
      }
      return projected;
    },
    dispose: () => project.dispose(),
  };
}

function meanOfRows(features: Float32Array, dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions);
  const count = features.length / dimensions;
  features.forEach((value, at) => {
    mean[at % dimensions] = (mean[at % dimensions] ?? 0) + value / count;
  });
  return mean;
}

/** Columns that span the same space, orthonormal. */
function orthonormal(columns: Matrix): Matrix {
  return new QrDecomposition(columns).orthogonalMatrix;
}

/** Eigenvectors, as columns, and eigenvalues of a symmetric matrix, the largest first. */
function eigenFalling(symmetric: Matrix): { vectors: Matrix; values: number[] } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  });
  const order = [...realEigenvalues.keys()].sort(
    (i, j) => (realEigenvalues[j] ?? 0) - (realEigenvalues[i] ?? 0),
  );
  const rows = [...realEigenvalues.keys()];
  return {
    vectors: eigenvectorMatrix.selection(rows, order),
    values: order.map((at) => realEigenvalues[at] ?? 0),
  };
}
