import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { fitPrincipalComponents } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';

const DIMENSIONS = 40;

/** [rows, 40] whose variances fall from one mixed direction to the next, and whose mean is not 0. */
function features(rows: number, seed: number): Float32Array {
  const mixing = normalDeviates(99, DIMENSIONS * DIMENSIONS);
  const own = normalDeviates(seed, rows * DIMENSIONS);
  return Float32Array.from({ length: rows * DIMENSIONS }, (_, at) => {
    const [row, column] = [Math.floor(at / DIMENSIONS), at % DIMENSIONS];
    let sum = 3;
    for (let i = 0; i < DIMENSIONS; i++) {
      sum += (own[row * DIMENSIONS + i] ?? 0) * (mixing[i * DIMENSIONS + column] ?? 0) * 0.9 ** i;
    }
    return sum;
  });
}

/** The whole covariance's eigenvalues, the largest first. */
function eigenvalues(rows: Float32Array): number[] {
  const matrix = Matrix.from1DArray(rows.length / DIMENSIONS, DIMENSIONS, rows);
  matrix.center('column');
  const covariance = matrix
    .transpose()
    .mmul(matrix)
    .div(matrix.rows - 1);
  return new EigenvalueDecomposition(covariance).realEigenvalues.sort((a, b) => b - a);
}

it('keeps as much variance as the largest eigenvalues of the covariance hold', async () => {
  const rows = features(1300, 1);
  const fitted = await fitPrincipalComponents(eagerCompiler, rows, DIMENSIONS, 6);
  const expected = eigenvalues(rows).slice(0, 6);
  expect(fitted.components).toBe(6);
  fitted.variances.forEach((variance, i) => {
    expect(variance / (expected[i] ?? NaN)).toBeCloseTo(1, 3);
  });
  const projected = await fitted.apply(rows);
  const spread = new Array<number>(6).fill(0);
  projected.forEach((value, at) => (spread[at % 6] = (spread[at % 6] ?? 0) + value ** 2 / 1299));
  spread.forEach((variance, i) => {
    expect(variance / (expected[i] ?? NaN)).toBeCloseTo(1, 3);
  });
});

it('keeps all distances where there are fewer rows than components', async () => {
  const rows = features(10, 2);
  const fitted = await fitPrincipalComponents(eagerCompiler, rows, DIMENSIONS, 64);
  expect(fitted.components).toBe(9);
  const projected = await fitted.apply(rows);
  const distance = (values: Float32Array, width: number) =>
    Math.hypot(...values.subarray(0, width).map((value, i) => value - (values[width + i] ?? 0)));
  expect(distance(projected, 9)).toBeCloseTo(distance(rows, DIMENSIONS), 3);
});

it('projects a row to the same bits whatever stands beside it', async () => {
  const rows = features(300, 3);
  const fitted = await fitPrincipalComponents(eagerCompiler, rows, DIMENSIONS, 5);
  const all = await fitted.apply(rows);
  const alone = await fitted.apply(rows.subarray(280 * DIMENSIONS, 281 * DIMENSIONS));
  expect(alone).toEqual(all.subarray(280 * fitted.components, 281 * fitted.components));
});

it('leaves nothing of rows that are all equal', async () => {
  const rows = new Float32Array(5 * DIMENSIONS).fill(0.3);
  const fitted = await fitPrincipalComponents(eagerCompiler, rows, DIMENSIONS, 3);
  expect(Math.max(...(await fitted.apply(rows)).map(Math.abs))).toBeLessThan(1e-6);
});

it('needs two rows', async () => {
  await expect(fitPrincipalComponents(eagerCompiler, features(1, 4), DIMENSIONS)).rejects.toThrow(
    'Expected 2 or more rows of features but received 1.',
  );
});
