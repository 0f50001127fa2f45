import { describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { estimateMean } from '../src/statistics/estimate-mean.js';

describe('estimateMean', () => {
  it('has an interval of two standard errors to either side', () => {
    const { value, interval } = estimateMean(normalDeviates(1, 400));
    expect(interval[0]).toBeCloseTo(value - 2 / 20, 1);
    expect(interval[1]).toBeCloseTo(value + 2 / 20, 1);
  });

  it.each([0, 1])('cannot be told from %i values', (count) => {
    const message = `Expected 2 or more values to resample but received ${count}.`;
    expect(() => estimateMean(new Float64Array(count))).toThrow(message);
  });
});
