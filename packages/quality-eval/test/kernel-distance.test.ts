import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { openKernelDistance, type KernelDistance } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';

const DIMENSIONS = 8;

let distance: KernelDistance;
beforeAll(async () => {
  distance = await openKernelDistance(eagerCompiler, DIMENSIONS);
});
afterAll(() => distance.dispose());

/** [rows, 8] of sin(start + row * a + column * b). */
function waves(rows: number, start: number, a: number, b: number): Float32Array {
  return Float32Array.from({ length: rows * DIMENSIONS }, (_, at) =>
    Math.sin(start + Math.floor(at / DIMENSIONS) * a + (at % DIMENSIONS) * b),
  );
}

describe('the kernel distance', () => {
  it.each([
    [40, 30, 0.8563797],
    // More than one block of rows.
    [300, 270, 0.9641361],
  ])('of %i and %i rows is what numpy computes in float64', async (m, n, expected) => {
    const measured = await distance.between(waves(m, 1, 7, 3), waves(n, 2, 5, 11));
    expect(measured).toBeCloseTo(expected, 5);
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

  it('needs two images on each side', async () => {
    await expect(distance.between(waves(1, 0, 1, 1), waves(2, 0, 1, 1))).rejects.toThrow(
      'Expected 2 or more images on both sides but received 1 and 2.',
    );
  });
});
