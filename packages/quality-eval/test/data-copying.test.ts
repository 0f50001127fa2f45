import { beforeAll, describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { authenticity, dataCopying, openFeatureSearch, type FeatureSearch } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';

const DIMENSIONS = 5;
let search: FeatureSearch;
beforeAll(async () => {
  search = await openFeatureSearch(eagerCompiler, DIMENSIONS);
});

const images = (seed: number, count: number) => normalDeviates(seed, count * DIMENSIONS);
/** Train images with a little noise. */
const copiesOf = (train: Float32Array, seed: number) => {
  const noise = normalDeviates(seed, train.length);
  return train.map((value, at) => value + 0.1 * (noise[at] ?? 0));
};
const train = images(1, 300);
const heldOut = images(2, 100);

describe('the data-copying test', () => {
  it('flags a generator that repeats its train images, also in one place only', async () => {
    const all = await dataCopying(search, { train, heldOut, generated: copiesOf(train, 3) });
    expect(all).toMatchObject({ isCopying: true });
    const mixed = images(4, 300);
    mixed.set(copiesOf(train, 3).subarray(0, (train.length * 2) / 3));
    const most = await dataCopying(search, { train, heldOut, generated: mixed });
    expect(most?.score).toBeLessThan(-3);
  });

  it('is about 0 for fresh images of the same distribution, and above for others', async () => {
    const fresh = await dataCopying(search, { train, heldOut, generated: images(5, 300) });
    expect(Math.abs(fresh?.score ?? NaN)).toBeLessThan(2);
    expect(fresh?.isCopying).toBe(false);
    const wide = images(6, 300).map((value) => 2 * value);
    expect((await dataCopying(search, { train, heldOut, generated: wide }))?.score).toBeGreaterThan(
      3,
    );
  });

  it('says nothing of fewer than 20 images', async () => {
    const generated = images(7, 300);
    expect(await dataCopying(search, { train, heldOut: images(8, 19), generated })).toBeUndefined();
    const few = generated.subarray(0, 19 * DIMENSIONS);
    expect(await dataCopying(search, { train, heldOut, generated: few })).toBeUndefined();
  });
});

describe('authenticity', () => {
  it('is 0 for copies, about a half for fresh images, and near 1 for far ones', async () => {
    expect(await authenticity(search, train, train)).toBe(0);
    expect(await authenticity(search, train, copiesOf(train, 3))).toBeLessThan(0.05);
    const fresh = await authenticity(search, train, images(9, 1000));
    expect(Math.abs(fresh - 0.55)).toBeLessThan(0.15);
    const far = images(10, 100).map((value) => 10 + value);
    expect(await authenticity(search, train, far)).toBe(1);
  });

  it('counts the images that its definition counts', async () => {
    // Train at 0, 1 and 5: their nearest others are 1, 1 and 4 away.
    const line = await openFeatureSearch(eagerCompiler, 1);
    const among = Float32Array.of(0, 1, 5);
    // Nearest are 0 (at .5 < 1), 1 (at 1.5 > 1), 5 (at 3 < 4), 5 (at 5 > 4).
    expect(await authenticity(line, among, Float32Array.of(-0.5, 2.5, 8, 10))).toBe(0.5);
  });
});
