import { beforeAll, describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import {
  densityCoverage,
  expectedCoverage,
  openSquaredDistances,
  type PairBlocks,
} from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { reference } from './waves.js';

let distances: PairBlocks;
beforeAll(async () => {
  distances = await openSquaredDistances(eagerCompiler, reference.dimensions);
});

describe('density and coverage', () => {
  it('are what tools/bench/metrics/reference.py computes', async () => {
    const { density, coverage } = await densityCoverage(
      distances,
      reference.real,
      reference.generated,
    );
    expect(density).toBeCloseTo(0.22740740740740742, 10);
    expect(coverage).toBeCloseTo(0.12333333333333334, 10);
  });

  it('are about 1 and the expected coverage for two samples of one distribution', async () => {
    let [density, coverage] = [0, 0];
    const runs = 8;
    for (let seed = 1; seed <= runs; seed++) {
      const real = normalDeviates(seed, 200 * reference.dimensions);
      const generated = normalDeviates(50 + seed, 100 * reference.dimensions);
      const measured = await densityCoverage(distances, real, generated);
      expect(measured.expectedCoverage).toBe(expectedCoverage(200, 100));
      density += measured.density / runs;
      coverage += measured.coverage / runs;
    }
    expect(Math.abs(density - 1)).toBeLessThan(0.1);
    expect(Math.abs(coverage - expectedCoverage(200, 100))).toBeLessThan(0.03);
  });

  it('expects of equal numbers what is left of halving k times', () => {
    expect(expectedCoverage(1e9, 1e9)).toBeCloseTo(1 - 2 ** -5, 6);
    expect(expectedCoverage(10, 1, 1)).toBeCloseTo(1 - 9 / 10, 12);
  });

  it('need a generated image', async () => {
    await expect(densityCoverage(distances, reference.real, new Float32Array(0))).rejects.toThrow(
      'Expected at least one generated image but received none.',
    );
  });
});
