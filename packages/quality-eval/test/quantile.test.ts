import { expect, it } from 'vitest';
import { quantile } from '../src/index.js';

it('interpolates as numpy.quantile does', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  expect(quantile(values, 0)).toBe(1);
  expect(quantile(values, 0.01)).toBeCloseTo(1, 10);
  expect(quantile(values, 0.25)).toBeCloseTo(1.75, 10);
  expect(quantile(values, 0.5)).toBe(3.5);
  expect(quantile(values, 0.9)).toBeCloseTo(6.9, 10);
  expect(quantile(values, 1)).toBe(9);
});

it('refuses an empty list', () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});
