import { beforeAll, describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import {
  calibrateCopies,
  neighbourRatios,
  openFeatureSearch,
  type FeatureSearch,
} from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';

const DIMENSIONS = 10;
let search: FeatureSearch;
beforeAll(async () => {
  search = await openFeatureSearch(eagerCompiler, DIMENSIONS);
});

/** Images of a class that is dense in one place and thin in another. */
function images(seed: number, count: number): Float32Array {
  return normalDeviates(seed, count * DIMENSIONS).map((value, at) =>
    Math.floor(at / DIMENSIONS) % 3 === 0 ? 5 + value * 4 : value,
  );
}

const train = images(1, 800);
const calibrate = images(2, 1000);

async function copies(copyRatio: number, features: Float32Array, among = train) {
  const { ratios } = await neighbourRatios(search, features, among);
  return ratios.filter((ratio) => ratio < copyRatio);
}

describe('copies by neighbour ratio', () => {
  it('are all caught when they are exact', async () => {
    const calibration = await calibrateCopies(search, train, calibrate);
    expect(calibration).toMatchObject({ basis: 'held-out', count: 1000 });
    expect(await copies(calibration?.copyRatio ?? 0, train)).toHaveLength(800);
  });

  it.each(['held-out', 'leave-one-out'])(
    'are all caught when train holds duplicates too, calibrated by %s',
    async (basis) => {
      const twice = new Float32Array(2 * train.length);
      twice.set(train);
      twice.set(train.subarray(0, train.length / 2), train.length);
      const doubled = twice.subarray(0, 1.5 * train.length);
      const heldOut = basis === 'held-out' ? calibrate : new Float32Array(0);
      const calibration = await calibrateCopies(search, doubled, heldOut);
      expect(calibration?.basis).toBe(basis);
      expect(await copies(calibration?.copyRatio ?? 0, train, doubled)).toHaveLength(800);
    },
  );

  it('are all caught when train images leaked into the held-out ones', async () => {
    const leaky = new Float32Array(calibrate);
    leaky.set(train.subarray(0, 100 * DIMENSIONS));
    const calibration = await calibrateCopies(search, train, leaky);
    expect(calibration?.count).toBe(900);
    expect(await copies(calibration?.copyRatio ?? 0, train)).toHaveLength(800);
  });

  it('are all caught when a little noise hides them', async () => {
    const calibration = await calibrateCopies(search, train, calibrate);
    const noise = normalDeviates(5, train.length);
    const near = train.map((value, at) => value + 0.02 * (noise[at] ?? 0));
    expect(await copies(calibration?.copyRatio ?? 0, near)).toHaveLength(800);
  });

  it.each(['held-out', 'leave-one-out'])(
    'are what one in a hundred fresh real images is called, calibrated by %s',
    async (basis) => {
      let flagged = 0;
      const runs = 6;
      for (let run = 1; run <= runs; run++) {
        const [own, heldOut, fresh] = [
          images(10 * run, 400),
          images(10 * run + 1, basis === 'held-out' ? 500 : 99),
          images(10 * run + 2, 500),
        ];
        const calibration = await calibrateCopies(search, own, heldOut);
        expect(calibration?.basis).toBe(basis);
        flagged += (await copies(calibration?.copyRatio ?? 0, fresh, own)).length;
      }
      // 30 are expected; a threshold is the fifth smallest of some 500 ratios, so that the sum's deviation is about 8.
      expect(flagged).toBeGreaterThan(10);
      expect(flagged).toBeLessThan(55);
    },
  );

  it('share the smaller ratio of two that are nearest to each other, left out in turn', async () => {
    const line = await openFeatureSearch(eagerCompiler, 1);
    // 0 and 1 are each other's nearest; 3's and 7's nearest have others.
    const among = Float32Array.of(0, 1, 3, 7);
    const calibration = await calibrateCopies(line, among, new Float32Array(0));
    expect([...(calibration?.ratios ?? [])]).toEqual([1 / 5, 1 / 5, 2 / 3.5, 4 / 6.5]);
    // Fresh images are in no such pair.
    const fresh = Float32Array.from({ length: 100 }, (_, i) => 10 + i);
    const byHeldOut = await calibrateCopies(line, among, fresh);
    expect(byHeldOut?.ratios).toEqual((await neighbourRatios(line, fresh, among)).ratios);
  });

  it('are measured as defined, with their nearest train image', async () => {
    const line = await openFeatureSearch(eagerCompiler, 1);
    const among = Float32Array.of(0, 1, 3, 7);
    const found = await neighbourRatios(line, Float32Array.of(1, 4), among);
    expect([...found.rows]).toEqual([1, 2]);
    expect([...found.distances]).toEqual([0, 1]);
    expect([...found.ratios]).toEqual([0, 1 / ((3 + 3 + 4) / 3)]);
    const others = await neighbourRatios(line, among, among, {
      leaveOut: Int32Array.of(0, 1, 2, 3),
    });
    expect([...others.rows]).toEqual([1, 0, 1, 2]);
    expect([...others.ratios]).toEqual([1 / 5, 1 / 4, 2 / 3.5, 4 / 6.5]);
    const calibration = await calibrateCopies(line, among, new Float32Array(0));
    expect(calibration?.duplicateDistance).toEqual({ value: 1, probability: 2 / 5 });
  });

  it('cannot be told from two train images, or from equal ones', async () => {
    expect(await calibrateCopies(search, images(1, 2), calibrate)).toBeUndefined();
    const equal = new Float32Array(5 * DIMENSIONS).fill(1);
    expect(await calibrateCopies(search, equal, new Float32Array(0))).toBeUndefined();
    await expect(neighbourRatios(search, calibrate, images(1, 1))).rejects.toThrow(
      'Expected 2 or more other train images but received 1.',
    );
  });
});
