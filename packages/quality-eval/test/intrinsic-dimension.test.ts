import { describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { intrinsicDimension, openFeatureSearch } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';

describe('intrinsicDimension', () => {
  it('finds how many dimensions vary', async () => {
    const search = await openFeatureSearch(eagerCompiler, 10);
    const drawn = normalDeviates(1, 1000 * 10);
    for (const dimensions of [2, 5]) {
      const flat = drawn.map((value, at) => (at % 10 < dimensions ? value : 1));
      const found = (await intrinsicDimension(search, flat)) ?? 0;
      expect(Math.abs(found - dimensions)).toBeLessThan(0.15 * dimensions);
    }
  });

  it('says nothing of a few rows, or equal ones', async () => {
    const search = await openFeatureSearch(eagerCompiler, 4);
    expect(await intrinsicDimension(search, normalDeviates(1, 3 * 4))).toBeUndefined();
    expect(await intrinsicDimension(search, new Float32Array(20 * 4).fill(2))).toBeUndefined();
  });
});
