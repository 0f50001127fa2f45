import { beforeAll, expect, it } from 'vitest';
import { diversityRatio, openSquaredDistances, type PairBlocks } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { reference } from './waves.js';

const { dimensions, real, generated } = reference;
let distances: PairBlocks;
beforeAll(async () => {
  distances = await openSquaredDistances(eagerCompiler, dimensions);
});

it('is what tools/bench/metrics/reference.py computes', async () => {
  expect(await diversityRatio(distances, real, generated)).toBeCloseTo(0.6997162392330809, 6);
});

it('is 0 for one image repeated, and nothing beside such real images', async () => {
  const one = Float32Array.from({ length: 20 * dimensions }, (_, at) => real[at % dimensions] ?? 0);
  expect(await diversityRatio(distances, real, one)).toBe(0);
  expect(await diversityRatio(distances, one, real)).toBeUndefined();
});

it('needs two images on each side', async () => {
  await expect(diversityRatio(distances, real, real.subarray(0, dimensions))).rejects.toThrow(
    'Expected 2 or more images of a class but received 1.',
  );
});
