import { expect, it } from 'vitest';
import { jensenShannonEstimate } from '../src/index.js';
import { reference } from './waves.js';

const firstOf = (features: Float32Array) =>
  features.filter((_, at) => at % reference.dimensions === 0);

it('is what tools/bench/metrics/reference.py computes', () => {
  const real = firstOf(reference.real).map((value) => value + 1);
  expect(jensenShannonEstimate(real, firstOf(reference.generated))).toBeCloseTo(
    0.0414730425487716,
    6,
  );
});

it('runs from 0, where the discriminator cannot tell, to log 2, where it always can', () => {
  expect(jensenShannonEstimate([0, 0], [0])).toBeCloseTo(0, 12);
  expect(jensenShannonEstimate([1000], [-1000])).toBeCloseTo(Math.LN2, 12);
  expect(jensenShannonEstimate([-1000], [1000])).toBeCloseTo(Math.LN2 - 1000, 9);
});

it('is the divergence where the discriminator is the best one', () => {
  // Real: heads with probability 3/4; generated: 1/4. The best logit is the log of their ratio.
  const real = [1, 1, 1, -1].map((side) => side * Math.log(3));
  const generated = [1, -1, -1, -1].map((side) => side * Math.log(3));
  const divergence = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.5);
  expect(jensenShannonEstimate(real, generated)).toBeCloseTo(divergence, 12);
});

it('needs logits of both sides', () => {
  expect(() => jensenShannonEstimate([], [1])).toThrow('received 0 real and 1 generated');
});
