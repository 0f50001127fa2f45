import { beforeAll, describe, expect, it } from 'vitest';
import { openSquaredDistances, precisionRecall, type PairBlocks } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { reference } from './waves.js';

let distances: PairBlocks;
beforeAll(async () => {
  distances = await openSquaredDistances(eagerCompiler, reference.dimensions);
});

describe('precision and recall', () => {
  it('are what tools/bench/metrics/reference.py computes', async () => {
    const { precision, recall } = await precisionRecall(
      distances,
      reference.real,
      reference.generated,
    );
    expect(precision).toBeCloseTo(0.2851851851851852, 10);
    expect(recall).toBeCloseTo(0.1, 10);
  });

  it('tell missing variety from missing quality', async () => {
    const few = reference.real.subarray(0, 6 * reference.dimensions);
    const lost = await precisionRecall(distances, reference.real, few);
    expect(lost.precision).toBe(1);
    expect(lost.recall).toBeLessThan(1);
    const { precision, recall } = await precisionRecall(distances, few, reference.real);
    expect([precision, recall]).toEqual([lost.recall, lost.precision]);
  });

  it('need more images than neighbours', async () => {
    const five = reference.real.subarray(0, 5 * reference.dimensions);
    await expect(precisionRecall(distances, five, reference.real)).rejects.toThrow(
      "Expected more than 5 images to find each one's 5 nearest others but received 5.",
    );
  });
});
