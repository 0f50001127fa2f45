import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Images per dimension below which a covariance says little. */
const MIN_PER_DIMENSION = 10;

/**
 * The Fréchet distance of two normal distributions fitted to features: |difference of means|^2 +
 * Tr(A + B - 2 (A B)^(1/2)) of the covariances A and B. Never to be called FID: that name belongs to Inception features.
 * Source: Dowson and Landau (1982), equation 4.
 *
 * @param x [m, d]
 * @param y [n, d]
 * @returns undefined where one side has fewer than 10 d images
 */
export function frechetDistance(
  x: Float32Array,
  y: Float32Array,
  dimensions: number,
): number | undefined {
  if (Math.min(x.length, y.length) / dimensions < MIN_PER_DIMENSION * dimensions) return undefined;
  const [ofX, ofY] = [momentsOf(x, dimensions), momentsOf(y, dimensions)];
  const means = ofX.mean.reduce((sum, value, i) => sum + (value - (ofY.mean[i] ?? 0)) ** 2, 0);
  // Tr (A B)^(1/2) = Tr (A^(1/2) B A^(1/2))^(1/2), whose matrix is symmetric.
  const root = squareRoot(ofX.covariance);
  const inner = root.mmul(ofY.covariance).mmul(root);
  const traceOfRoot = eigen(inner).realEigenvalues.reduce(
    (sum, value) => sum + Math.sqrt(Math.max(value, 0)),
    0,
  );
  return means + ofX.covariance.trace() + ofY.covariance.trace() - 2 * traceOfRoot;
}

function momentsOf(features: Float32Array, dimensions: number) {
  const count = features.length / dimensions;
  const mean = new Float64Array(dimensions);
  features.forEach((value, at) => {
    mean[at % dimensions] = (mean[at % dimensions] ?? 0) + value / count;
  });
  const covariance = Matrix.zeros(dimensions, dimensions);
  const own = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < dimensions; i++) {
      own[i] = (features[row * dimensions + i] ?? 0) - (mean[i] ?? 0);
    }
    for (let i = 0; i < dimensions; i++) {
      for (let j = 0; j <= i; j++) {
        const product = ((own[i] ?? 0) * (own[j] ?? 0)) / (count - 1);
        covariance.set(i, j, covariance.get(i, j) + product);
      }
    }
  }
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < i; j++) covariance.set(j, i, covariance.get(i, j));
  }
  return { mean, covariance };
}

/** The symmetric square root of a covariance. */
function squareRoot(covariance: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues } = eigen(covariance);
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(value, 0))));
  return vectors.mmul(roots).mmul(vectors.transpose());
}

function eigen(symmetric: Matrix): EigenvalueDecomposition {
  return new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
}
