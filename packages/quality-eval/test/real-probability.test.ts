import { describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { fitRealProbability, type LabelledLogits } from '../src/index.js';

/** Logits of a class around a mean, all of spread `deviation`. */
function normal(seed: number, count: number, mean: number, deviation = 1): Float32Array {
  return normalDeviates(seed, count).map((value) => mean + deviation * value);
}

function labelled(...classes: Float32Array[]): LabelledLogits {
  return {
    logits: Float32Array.from(classes.flatMap((logits) => [...logits])),
    labels: Int32Array.from(classes.flatMap((logits, label) => Array.from(logits, () => label))),
  };
}

describe('fitRealProbability', () => {
  it('recovers the known log odds of two normal distributions', () => {
    // Real N(1, 4) against generated N(-1, 4): log odds (2 / 4) l; in class 1 both lie 3 higher: (2 / 4) (l - 3).
    const real = labelled(normal(1, 190, 1, 2), normal(2, 150, 4, 2));
    const generated = labelled(normal(3, 8000, -1, 2), normal(4, 4000, 2, 2));
    const { slope, intercept, offsets, probability } = fitRealProbability(real, generated, 2);
    expect(Math.abs(slope - 0.5)).toBeLessThan(0.12);
    const [first = NaN, second = NaN] = offsets;
    expect(Math.abs(intercept + first)).toBeLessThan(0.3);
    expect(Math.abs(intercept + second + 1.5)).toBeLessThan(0.4);
    expect(probability(0, 0)).toBeCloseTo(1 / (1 + Math.exp(-intercept - first)), 10);
  });

  it('is the best of the penalised likelihood: no small change of a parameter improves it', () => {
    const real = labelled(normal(5, 60, 0.5), normal(6, 30, 1));
    const generated = labelled(normal(7, 200, 0), normal(8, 100, 0));
    const fitted = fitRealProbability(real, generated, 2);
    const loss = (slope: number, intercept: number, offsets: readonly number[]) => {
      let sum = 0.5 * offsets.reduce((all, offset) => all + offset ** 2, 0);
      for (const [{ logits, labels }, side, weights] of [
        [real, 1, [1, 1]],
        [generated, -1, [60 / 200, 30 / 100]],
      ] as const) {
        logits.forEach((logit, i) => {
          const label = labels[i] ?? 0;
          const margin = side * (slope * logit + intercept + (offsets[label] ?? 0));
          sum += (weights[label] ?? 0) * Math.log(1 + Math.exp(-margin));
        });
      }
      return sum;
    };
    const { slope, intercept, offsets } = fitted;
    const best = loss(slope, intercept, offsets);
    for (const step of [-0.05, 0.05]) {
      expect(loss(slope + step, intercept, offsets)).toBeGreaterThan(best);
      expect(loss(slope, intercept + step, offsets)).toBeGreaterThan(best);
      offsets.forEach((_, label) => {
        const moved = offsets.map((offset, i) => (i === label ? offset + step : offset));
        expect(loss(slope, intercept, moved)).toBeGreaterThan(best);
      });
    }
  });

  it('stays finite where the discriminator always tells', () => {
    const { slope, probability } = fitRealProbability(
      labelled(normal(9, 50, 100)),
      labelled(normal(10, 50, -100)),
      1,
    );
    expect(slope).toBeGreaterThan(0);
    expect(probability(0, 100)).toBeGreaterThan(0.95);
    expect(probability(0, -100)).toBeLessThan(0.05);
    expect(probability(0, 1e9)).toBeLessThan(1);
    expect(probability(0, -1e9)).toBeGreaterThan(0);
  });

  it('follows each class of its own by an isotonic fit from 200 held-out images on', () => {
    // Real images lie in the middle: what a straight line cannot say rises in steps at best.
    const real = labelled(normal(11, 300, 2), normal(12, 50, 2));
    const generated = labelled(normal(13, 600, 0), normal(14, 100, 0));
    const { probability } = fitRealProbability(real, generated, 2);
    const logits = Array.from({ length: 60 }, (_, i) => -4 + i / 6);
    const stepped = new Set(logits.map((logit) => probability(0, logit)));
    const smooth = new Set(logits.map((logit) => probability(1, logit)));
    expect(smooth.size).toBe(60);
    expect(stepped.size).toBeLessThan(60);
    // The true log odds are 2 l - 2.
    expect(Math.abs(probability(0, 1) - 0.5)).toBeLessThan(0.15);
  });

  it('leaves a class without images on one side at the mean', () => {
    const real = labelled(normal(15, 40, 1));
    const generated = labelled(normal(16, 40, -1), normal(17, 40, 5));
    const { offsets } = fitRealProbability(real, generated, 3);
    expect(offsets.slice(1)).toEqual([0, 0]);
  });

  it('refuses logits that are no numbers, and classes that do not meet', () => {
    const one = labelled(Float32Array.of(NaN));
    expect(() => fitRealProbability(one, labelled(Float32Array.of(1)), 1)).toThrow(
      'Expected a finite logit for image 0 but received NaN.',
    );
    const second = labelled(new Float32Array(0), Float32Array.of(1));
    expect(() => fitRealProbability(labelled(Float32Array.of(1)), second, 2)).toThrow(RangeError);
  });
});
