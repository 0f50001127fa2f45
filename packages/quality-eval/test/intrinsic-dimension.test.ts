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

  it('looks everywhere where there are many rows', async () => {
    const search = await openFeatureSearch(eagerCompiler, 10);
    const measure = async (from: number) => {
      // Of 1,500 rows 750 vary in two dimensions and 750 in five, in this order or the other.
      const drawn = normalDeviates(2, 1500 * 10).map((value, at) => {
        const row = (Math.floor(at / 10) + from) % 1500;
        return at % 10 < (row < 750 ? 2 : 5) ? value : row < 750 ? 0 : 20;
      });
      return (await intrinsicDimension(search, drawn)) ?? 0;
    };
    const [thin, thick] = [await measure(0), await measure(750)];
    expect(Math.abs(thin - thick)).toBeLessThan(0.3);
  });

  it('says nothing of a few rows, or equal ones', async () => {
    const search = await openFeatureSearch(eagerCompiler, 4);
    expect(await intrinsicDimension(search, normalDeviates(1, 3 * 4))).toBeUndefined();
    expect(await intrinsicDimension(search, new Float32Array(20 * 4).fill(2))).toBeUndefined();
  });
});
