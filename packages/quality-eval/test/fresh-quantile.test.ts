import { describe, expect, it } from 'vitest';
import { freshQuantile, freshValue } from '../src/statistics/fresh-quantile.js';

describe('freshQuantile', () => {
  it('is interpolated between what one in n + 1 lies below', () => {
    const values = Array.from({ length: 199 }, (_, i) => 199 - i);
    expect(freshQuantile(values, 0.01)).toEqual({ value: 2, probability: 0.01 });
    expect(freshQuantile(values, 0.0125).value).toBeCloseTo(2.5, 12);
  });

  it('says how probable the smallest and the largest value are where none is as extreme', () => {
    expect(freshQuantile([3, 1, 2], 0.01)).toEqual({ value: 1, probability: 1 / 4 });
    expect(freshQuantile([3, 1, 2], 0.99)).toEqual({ value: 3, probability: 3 / 4 });
    expect(freshQuantile([5], 0.5)).toEqual({ value: 5, probability: 1 / 2 });
  });

  it('counts equal values together', () => {
    expect(freshQuantile([1, 1, 4, 4], 0.4)).toEqual({ value: 1, probability: 2 / 5 });
    expect(freshQuantile([1, 1, 4, 4], 0.6).value).toBeCloseTo(2.5, 12);
  });

  it('lets as many of a pair of neighbours through as of any other points', () => {
    // Nearest distances of n points on a circle, and whether one more point lies nearer to them than the quantile.
    const [n, runs, q] = [40, 4000, 0.1];
    let state = 1;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const apart = (a: number, b: number) => Math.min(Math.abs(a - b), 1 - Math.abs(a - b));
    let below = 0;
    for (let run = 0; run < runs; run++) {
      const points = Array.from({ length: n }, next);
      const nearestTo = (point: number, others: number[]) =>
        Math.min(...others.map((other) => apart(point, other)));
      const nearest = points.map((point, i) => nearestTo(point, points.toSpliced(i, 1)));
      if (nearestTo(next(), points) < freshQuantile(nearest, q).value) below++;
    }
    expect(Math.abs(below / runs - q)).toBeLessThan(0.02);
  });

  it('gives a value without interpolation too', () => {
    const values = Array.from({ length: 199 }, (_, i) => 199 - i);
    expect(freshValue(values, 0.01)).toBe(2);
    expect(freshValue(values, 0.0125)).toBe(3);
    expect(freshValue([3, 1, 2], 0.99)).toBe(3);
    expect(freshValue([1, 1, 4, 4], 0.5)).toBe(4);
    expect(freshValue([], 0.5)).toBeNaN();
  });

  it('needs a value', () => {
    expect(() => freshQuantile([], 0.5)).toThrow(RangeError);
  });
});
