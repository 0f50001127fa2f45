import { describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { fitOptimalBudget, keepAbove, keepTop } from '../src/index.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('optimal-budget rejection sampling', () => {
  it.each([1, 2, 4, 16])('keeps one of %i candidates on average', (budget) => {
    const pool = normalDeviates(1, 2000).map((value) => sigmoid(3 * value));
    const { keepProbability } = fitOptimalBudget(pool, budget);
    const mean = pool.reduce((sum, p) => sum + keepProbability(p), 0) / pool.length;
    expect(mean * budget).toBeCloseTo(1, 6);
    // Other candidates of the same kind: 1 / K within 2 percent of all.
    const fresh = normalDeviates(2, 20_000).map((value) => sigmoid(3 * value));
    const kept = fresh.reduce((sum, p) => sum + keepProbability(p), 0) / fresh.length;
    expect(Math.abs(kept - 1 / budget)).toBeLessThan(0.02);
  });

  it('keeps in proportion to the ratio of densities until that is certain', () => {
    const { kappa, keepProbability } = fitOptimalBudget([0.2, 0.5, 0.8], 4);
    // r = 1/4, 1, 4: their shares of the largest are 1/16, 1/4, 1, and their mean is 7/16 for kappa = 1.
    expect(kappa).toBeCloseTo(((1 / 4) * 16) / 7, 10);
    expect(keepProbability(0.8)).toBeCloseTo(kappa, 10);
    expect(keepProbability(0.5)).toBeCloseTo(kappa / 4, 10);
    expect(keepProbability(0.99)).toBe(1);
  });

  it('makes generated images more like real ones', () => {
    // Real N(1, 1), generated N(0, 1): the log of their ratio at x is x - 1/2.
    const x = normalDeviates(3, 20_000);
    const probabilities = x.map((value) => sigmoid(value - 0.5));
    const { keepProbability } = fitOptimalBudget(probabilities, 4);
    let [weights, sum] = [0, 0];
    probabilities.forEach((p, i) => {
      weights += keepProbability(p);
      sum += keepProbability(p) * (x[i] ?? 0);
    });
    expect(sum / weights).toBeGreaterThan(0.8);
    expect(sum / weights).toBeLessThan(1.05);
  });

  it('refuses certainties, no candidates and budgets below 1', () => {
    expect(() => fitOptimalBudget([0.5, 1], 2)).toThrow('below 1 but received 1.');
    expect(() => fitOptimalBudget([], 2)).toThrow('at least one candidate');
    expect(() => fitOptimalBudget([0.5], 0.5)).toThrow('received 0.5');
  });
});

it('keeps the top share, earlier ones first among equals', () => {
  expect([...keepTop([1, 3, 2, 3, 0], 0.4)]).toEqual([0, 1, 0, 1, 0]);
  expect([...keepTop([1, 1, 1], 1 / 3)]).toEqual([1, 0, 0]);
  expect(() => keepTop([1], 2)).toThrow('received 2');
});

it('keeps what reaches a threshold', () => {
  expect([...keepAbove([0.1, 0.5, 0.9], 0.5)]).toEqual([0, 1, 1]);
});
