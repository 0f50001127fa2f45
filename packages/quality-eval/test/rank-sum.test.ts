import { expect, it } from 'vitest';
import { rankSum } from '../src/statistics/rank-sum.js';

it('counts the pairs in which the first is larger, ties by half', () => {
  const [x, y] = [
    [3, 1, 4, 1, 5, 9, 2, 6],
    [2, 7, 1, 8, 2, 8],
  ];
  let pairs = 0;
  for (const a of x) for (const b of y) pairs += a > b ? 1 : a === b ? 0.5 : 0;
  expect(rankSum(x, y).u).toBe(pairs);
  // From the p-value of scipy.stats.mannwhitneyu(x, y, use_continuity=False, method='asymptotic').
  expect(Math.abs(rankSum(x, y).z)).toBeCloseTo(0.3911865358490709, 10);
  expect(rankSum(y, x).z).toBe(-rankSum(x, y).z);
});

it('is 0 where all values are equal', () => {
  expect(rankSum([1, 1], [1, 1, 1])).toEqual({ u: 3, z: 0 });
});
