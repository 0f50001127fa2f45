import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { calibrateScores, smallestScore } from '../src/index.js';

describe('calibrateScores', () => {
  it('ranks a logit among the held-out images of its own class', () => {
    const logits = Float32Array.of(0, 1, 2, 3, -5);
    const { score, counts } = calibrateScores(logits, Int32Array.of(0, 0, 0, 0, 1), 2);
    expect(counts).toEqual([4, 1]);
    expect(score(0, -1)).toBe(1 / 5);
    expect(score(0, 1)).toBe(3 / 5);
    expect(score(0, 9)).toBe(1);
    expect(score(1, 0)).toBe(1);
  });

  it('gives every image of a class without calibration images the score 1', () => {
    const { score } = calibrateScores(Float32Array.of(1), Int32Array.of(0), 2);
    expect(score(1, -100)).toBe(1);
  });

  it('ranks a held-out image among the others', () => {
    const logits = Float32Array.of(3, 1, 2, 2);
    const { scoreAmongOthers } = calibrateScores(logits, new Int32Array(4), 1);
    expect(Array.from(logits, (logit) => scoreAmongOthers(0, logit))).toEqual([
      1, 0.25, 0.75, 0.75,
    ]);
    const alone = calibrateScores(Float32Array.of(5), Int32Array.of(0), 1);
    expect(alone.scoreAmongOthers(0, 5)).toBe(1);
  });

  it('passes the test of Kolmogorov and Smirnov on many fresh real images', () => {
    const calibration = normalDeviates(1, 2000);
    const { score } = calibrateScores(calibration, new Int32Array(2000), 1);
    const fresh = Array.from(normalDeviates(2, 500), (logit) => score(0, logit)).sort(
      (a, b) => a - b,
    );
    const distance = fresh.reduce(
      (most, own, i) => Math.max(most, Math.abs(own - i / 500), Math.abs(own - (i + 1) / 500)),
      0,
    );
    // The 1 % critical value of two samples of 500 and 2,000.
    expect(distance).toBeLessThan(1.63 * Math.sqrt(2500 / (500 * 2000)));
  });

  it('is uniform on fresh real images, whatever the spread of their logits', () => {
    // Every one of n + 1 exchangeable logits in turn is the fresh one: their scores are 1/(n+1) .. 1. -0 is 0.
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: 2,
          comparator: 'IsStrictlyEqual',
        }),
        (drawn) => {
          const scores = drawn.map((fresh, i) => {
            const others = Float32Array.from(drawn.filter((_, j) => j !== i));
            return calibrateScores(others, new Int32Array(others.length), 1).score(0, fresh);
          });
          const n = drawn.length;
          scores
            .sort((a, b) => a - b)
            .forEach((score, rank) => {
              expect(score).toBeCloseTo((rank + 1) / n, 10);
            });
        },
      ),
    );
  });

  it('never scores below what the number of calibration images allows', () => {
    const { score } = calibrateScores(Float32Array.of(5, 6, 7), new Int32Array(3), 1);
    expect(score(0, -1e9)).toBe(smallestScore(3));
  });

  it('refuses logits that are no numbers and labels that do not exist', () => {
    expect(() => calibrateScores(Float32Array.of(NaN), Int32Array.of(0), 1)).toThrow(
      /finite logit/,
    );
    expect(() => calibrateScores(Float32Array.of(1), Int32Array.of(1), 1)).toThrow(/label below 1/);
    expect(() => calibrateScores(Float32Array.of(1), new Int32Array(2), 1)).toThrow(/2 labels/);
  });
});
