import { expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { frechetDistance } from '../src/index.js';
import { reference } from './waves.js';

const { dimensions, real, generated } = reference;

it('is what tools/bench/metrics/reference.py computes', () => {
  expect(frechetDistance(real, generated, dimensions)).toBeCloseTo(1.6510314101436085, 6);
  expect(frechetDistance(real, real, dimensions)).toBeCloseTo(0, 8);
});

it('is the known one of two normal distributions', () => {
  const x = normalDeviates(1, 40_000);
  const y = normalDeviates(2, 40_000).map((value, at) => (at % 2 === 0 ? 3 * value : value + 2));
  // Means 2 apart; variances 1 and 9 in one direction, equal in the other.
  expect(frechetDistance(x, y, 2)).toBeCloseTo(2 ** 2 + (3 - 1) ** 2, 0);
});

it('is not given for fewer than ten images per dimension', () => {
  expect(frechetDistance(real.subarray(0, 79 * dimensions), real, dimensions)).toBeUndefined();
  expect(frechetDistance(real, real.subarray(0, 79 * dimensions), dimensions)).toBeUndefined();
  expect(frechetDistance(real, real.subarray(0, 80 * dimensions), dimensions)).toBeDefined();
});
