import { beforeAll, describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import {
  expectedCoverage,
  neighbourMetrics,
  openSquaredDistances,
  type NeighbourMetrics,
  type PairBlocks,
} from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { reference } from './waves.js';

const { dimensions } = reference;

let distances: PairBlocks;
beforeAll(async () => {
  distances = await openSquaredDistances(eagerCompiler, dimensions);
});

const names = ['precision', 'recall', 'density', 'coverage'] as const;
const normalSample = (seed: number, images: number) => normalDeviates(seed, images * dimensions);

describe('precision, recall, density and coverage', () => {
  it('are what tools/bench/metrics/reference.py computes', async () => {
    const measured = await neighbourMetrics(distances, reference.real, reference.generated);
    expect(measured.precision.value).toBeCloseTo(0.2851851851851852, 10);
    expect(measured.recall.value).toBeCloseTo(0.1, 10);
    expect(measured.density.value).toBeCloseTo(0.22740740740740742, 10);
    expect(measured.coverage.value).toBeCloseTo(0.12333333333333334, 10);
  });

  it('tell missing variety from missing quality', async () => {
    const few = reference.real.subarray(0, 6 * dimensions);
    const lost = await neighbourMetrics(distances, reference.real, few);
    expect(lost.precision.value).toBe(1);
    expect(lost.recall.value).toBeLessThan(1);
    const { precision, recall } = await neighbourMetrics(distances, few, reference.real);
    expect([precision, recall]).toEqual([lost.recall, lost.precision]);
  });

  it('are about 1 and the expected coverage for two samples of one distribution', async () => {
    let [density, coverage] = [0, 0];
    const runs = 8;
    for (let seed = 1; seed <= runs; seed++) {
      const [real, generated] = [normalSample(seed, 200), normalSample(50 + seed, 100)];
      const measured = await neighbourMetrics(distances, real, generated);
      expect(measured.expectedCoverage).toBe(expectedCoverage(200, 100));
      density += measured.density.value / runs;
      coverage += measured.coverage.value / runs;
    }
    expect(Math.abs(density - 1)).toBeLessThan(0.1);
    expect(Math.abs(coverage - expectedCoverage(200, 100))).toBeLessThan(0.03);
  });

  it('lie in intervals that as many images again mostly fall into', async () => {
    const samples = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        neighbourMetrics(distances, normalSample(i + 1, 150), normalSample(i + 101, 150)),
      ),
    );
    for (const name of names) {
      const values = samples.map((sample) => sample[name].value);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const isHeld = ({ [name]: { interval } }: NeighbourMetrics) =>
        interval[0] <= mean && mean <= interval[1];
      expect(samples.filter(isHeld).length, name).toBeGreaterThanOrEqual(14);
      for (const { [name]: estimate } of samples) {
        const [low, high] = estimate.interval;
        expect(high - low, name).toBeLessThan(0.45);
        expect(low < estimate.value && estimate.value < high, name).toBe(true);
      }
    }
  });

  it('have intervals where all images agree', async () => {
    const same = normalSample(1, 100);
    const { coverage, precision } = await neighbourMetrics(distances, same, same);
    for (const { value, interval } of [coverage, precision]) {
      expect(value).toBe(1);
      // Wilson's lower bound of 100 of 100.
      expect(interval[0]).toBeCloseTo(0.963, 3);
      expect(interval[1]).toBe(1);
    }
  });

  it('expect of equal numbers what is left of halving k times', () => {
    expect(expectedCoverage(1e9, 1e9)).toBeCloseTo(1 - 2 ** -5, 6);
    expect(expectedCoverage(10, 1, 1)).toBeCloseTo(1 - 9 / 10, 12);
  });

  it('need more images than neighbours on both sides', async () => {
    const five = reference.real.subarray(0, 5 * dimensions);
    const error = "Expected more than 5 images to find each one's 5 nearest others but received 5.";
    await expect(neighbourMetrics(distances, five, reference.real)).rejects.toThrow(error);
    await expect(neighbourMetrics(distances, reference.real, five)).rejects.toThrow(error);
  });
});
