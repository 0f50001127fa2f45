import * as tf from '@tensorflow/tfjs-core';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { StepCompiler } from '../step-compiler.js';
import { normalDeviates } from './normal-deviates.js';
import { openSubspaceProducts } from './subspace-products.js';

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
/** Share of the largest variance below which a direction is empty. */
const SMALLEST = 1e-6;
/** Stands for the largest variance of rows that are all equal. */
const NONE = 1e-6;
/** Rows projected at a time, always as many: the same row gives the same bits. */
const BLOCK = 64;
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

  const products = await openSubspaceProducts(compiler, centred, dimensions, width);
  const start = normalDeviates(SEED, dimensions * width);
  const { gram } = await products.rotate(start, Matrix.eye(width));
  let directions = (await products.rotate(start, inverseRoot(gram))).columns;
  let variances: number[] = [];
  let within = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { image, covariance } = await products.spread(directions);
    const { vectors, values } = eigenFalling(covariance);
    const before = within;
    variances = values.slice(0, components);
    within = variances.reduce((sum, value) => sum + value, 0);
    if (within - before <= TOLERANCE * within) {
      directions = (await products.rotate(directions, vectors)).columns;
      break;
    }
    // Nearly orthonormal already, so that the products of its columns lose no digits.
    const scales = atLeast(values).map((value) => 1 / value);
    const scaled = await products.rotate(image, vectors.mmul(Matrix.diag(scales)));
    directions = (await products.rotate(scaled.columns, inverseRoot(scaled.gram))).columns;
  }
  await products.dispose();
  const axes = directions.filter((_, at) => at % width < components);
  return openProjection(compiler, { mean, axes, variances });
}

async function openProjection(
  compiler: StepCompiler,
  { mean, axes, variances }: { mean: Float64Array; axes: Float32Array; variances: number[] },
): Promise<PrincipalComponents> {
  const [dimensions, components] = [mean.length, variances.length];
  const project = await compiler.compile(
    (rows) => [tf.matMul(rows, tf.tensor2d(axes, [dimensions, components]))],
    { inputs: [{ name: 'rows', shape: [BLOCK, dimensions] }], variables: [] },
  );
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
        const [values = new Float32Array(0)] = await project.run(block);
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

/** What columns are to be multiplied by to be orthonormal, given their products. */
function inverseRoot(gram: Matrix): Matrix {
  const { vectors, values } = eigenFalling(gram);
  const scales = atLeast(values).map((value) => 1 / Math.sqrt(value));
  return vectors.mmul(Matrix.diag(scales)).mmul(vectors.transpose());
}

/** Eigenvalues to divide by, those of empty directions raised. */
function atLeast(values: readonly number[]): number[] {
  const smallest = SMALLEST * Math.max(values[0] ?? 0, NONE);
  return values.map((value) => Math.max(value, smallest));
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
