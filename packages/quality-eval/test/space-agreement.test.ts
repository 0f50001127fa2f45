import { expect, it } from 'vitest';
import { spaceAgreement } from '../src/index.js';

it('calls better or worse only what both spaces do', () => {
  expect(spaceAgreement([-1, -2, 0.5], [-0.1, -0.3, 0]).verdict).toBe('better');
  expect(spaceAgreement([1, 2], [0.1, 0.3]).verdict).toBe('worse');
  expect(spaceAgreement([-1, -2], [0.1, 0.3]).verdict).toBe('undecided');
  expect(spaceAgreement([-1, 1], [-1, -1]).verdict).toBe('undecided');
});

it('correlates the ranks of the classes, ties included', () => {
  expect(spaceAgreement([1, 2, 3, 4], [1, 10, 100, 1000]).rankCorrelation).toBe(1);
  expect(spaceAgreement([1, 2, 3, 4], [4, 3, 2, 1]).rankCorrelation).toBe(-1);
  // scipy.stats.spearmanr([3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 8])
  const tied = spaceAgreement([3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 8]);
  expect(tied.rankCorrelation).toBeCloseTo(0.19885368120992467, 12);
  expect(spaceAgreement([1, 1, 1], [1, 2, 3]).rankCorrelation).toBeUndefined();
  expect(spaceAgreement([1, 2], [1, 2]).rankCorrelation).toBeUndefined();
});

it('refuses different classes', () => {
  expect(() => spaceAgreement([1], [1, 2])).toThrow('received 1 and 2');
});
