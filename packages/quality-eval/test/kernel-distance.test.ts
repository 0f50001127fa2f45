import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import {
  kernelDistanceWithFloor,
  openKernelDistance,
  quantile,
  type KernelDistance,
} from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { reference } from './waves.js';

const DIMENSIONS = reference.dimensions;

let distance: KernelDistance;
beforeAll(async () => {
  distance = await openKernelDistance(eagerCompiler, DIMENSIONS);
});
afterAll(() => distance.dispose());

describe('the kernel distance', () => {
  it('is what tools/bench/metrics/reference.py computes', async () => {
    const { real, generated } = reference;
    expect(await distance.between(real, generated)).toBeCloseTo(0.5547847953343048, 5);
    expect((await distance.estimate(real, generated, { samples: 2 })).value).toBe(
      await distance.between(real, generated),
    );
  });

  it('is around 0, with both signs, for two samples of one distribution', async () => {
    const measured: number[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const x = normalDeviates(seed, 100 * DIMENSIONS);
      measured.push(await distance.between(x, normalDeviates(100 + seed, 100 * DIMENSIONS)));
    }
    expect(Math.min(...measured)).toBeLessThan(0);
    expect(Math.max(...measured)).toBeGreaterThan(0);
    const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
    const shifted = normalDeviates(7, 100 * DIMENSIONS).map((value) => value + 0.5);
    const different = await distance.between(normalDeviates(8, 100 * DIMENSIONS), shifted);
    expect(Math.abs(mean)).toBeLessThan(different / 10);
  });

  it('is around 0, with both signs, for two halves of one set', async () => {
    const measured: number[] = [];
    const half = (reference.real.length / 2) & -DIMENSIONS;
    for (let seed = 1; seed <= 20; seed++) {
      const order = normalDeviates(seed, reference.real.length / DIMENSIONS);
      const rows = [...order.keys()].sort((i, j) => (order[i] ?? 0) - (order[j] ?? 0));
      const shuffled = Float32Array.from(
        rows.flatMap((row) => [
          ...reference.real.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS),
        ]),
      );
      measured.push(await distance.between(shuffled.subarray(0, half), shuffled.subarray(half)));
    }
    expect(measured.filter((value) => value < 0).length).toBeGreaterThan(3);
    expect(measured.filter((value) => value > 0).length).toBeGreaterThan(1);
  });

  it('has an interval that holds 0 for one distribution, and not for two', async () => {
    const x = normalDeviates(1, 100 * DIMENSIONS);
    const y = normalDeviates(2, 120 * DIMENSIONS);
    const shifted = normalDeviates(3, 90 * DIMENSIONS).map((value) => value + 0.5);
    const options = { samples: 200, seed: 4 };
    const { generated, floor } = await kernelDistanceWithFloor(
      distance,
      { generated: shifted, train: x, heldOut: y },
      options,
    );
    expect(floor.interval[0]).toBeLessThan(0);
    expect(floor.interval[1]).toBeGreaterThan(0);
    expect(generated.interval[0]).toBeGreaterThan(floor.interval[1]);
    expect(generated.value).toBeGreaterThan(generated.interval[0]);
    expect(generated.value).toBeLessThan(generated.interval[1]);
    expect(await distance.estimate(x, y, options)).toEqual(floor);
  });

  it('has an interval as wide as the spread of fresh samples', async () => {
    const values: number[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const x = normalDeviates(2 * seed, 60 * DIMENSIONS);
      const y = normalDeviates(2 * seed + 1, 60 * DIMENSIONS).map((value) => value + 0.7);
      values.push(await distance.between(x, y));
    }
    const [low, high] = [quantile(values, 0.025), quantile(values, 0.975)];
    const { interval } = await distance.estimate(
      normalDeviates(900, 60 * DIMENSIONS),
      normalDeviates(901, 60 * DIMENSIONS).map((value) => value + 0.7),
    );
    const ratio = (interval[1] - interval[0]) / (high - low);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('needs two images on each side', async () => {
    const one = reference.real.subarray(0, DIMENSIONS);
    const message = 'Expected 2 or more images on both sides but received 1 and 300.';
    await expect(distance.between(one, reference.real)).rejects.toThrow(message);
    await expect(distance.estimate(one, reference.real)).rejects.toThrow(message);
  });
});
