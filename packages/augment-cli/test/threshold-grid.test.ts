import { reaches } from '@evenset/dataset-io';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countReaching } from '../src/report/count-reaching.js';
import type { ClassEvidence, Figures } from '../src/report/read-evidence.js';
import { thresholdData } from '../src/report/threshold-grid.js';

const none: Figures = { scores: [], novelties: [] };
const evidence = (generated: Figures): ClassEvidence => ({
  label: 'bag',
  generated,
  accepted: generated,
  rejected: none,
  heldOut: none,
  sheet: [],
  closest: [],
  shownRejected: new Map(),
  real: [],
});

/** Float32 values as the files hold them, steps of the slider often among them. */
const value = fc
  .oneof(
    fc.double({ min: 0, max: 3, noNaN: true }),
    fc.integer({ min: 0, max: 300 }).map((i) => i / 100),
  )
  .map(Math.fround);

describe('thresholdData', () => {
  it.each([Infinity, 1000, 1])('counts exactly at every step within %d characters', (budget) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 200 }), (pairs) => {
        const figures = {
          scores: pairs.map(([score]) => Math.min(1, score)),
          novelties: pairs.map(([, novelty]) => novelty),
        };
        const data = thresholdData([evidence(figures)], 0.05, budget);
        const { scores, novelties, classes } = data;
        expect(scores[data.start.score]).toBe(0.05);
        const counts = classes[0]?.generated ?? [];
        for (const [s, minScore] of [...scores.entries()].filter(([i]) => i % 7 === 0)) {
          for (const [n, minNovelty] of [...novelties.entries()].filter(([i]) => i % 7 === 0)) {
            const expected = figures.scores.filter(
              (score, i) =>
                reaches(score, minScore) && reaches(figures.novelties[i] ?? 0, minNovelty),
            ).length;
            expect(countReaching(counts, novelties.length + 1, s, n)).toBe(expected);
          }
        }
        expect(countReaching(counts, novelties.length + 1, -1, -1)).toBe(pairs.length);
      }),
      { numRuns: 40 },
    );
  });

  it('takes coarser steps where the data would be too long, and says so by its steps', () => {
    const figures = {
      scores: Array.from({ length: 50_000 }, (_, i) => (i % 997) / 997),
      novelties: Array.from({ length: 50_000 }, (_, i) => (i % 1013) / 500),
    };
    const fine = thresholdData([evidence(figures)], 0.05, 1e9);
    const coarse = thresholdData([evidence(figures)], 0.05, 20_000);
    expect(fine.scores.length).toBeGreaterThan(100);
    expect(coarse.scores.length).toBeLessThan(60);
    expect(JSON.stringify(coarse).length).toBeLessThan(20_000);
  });
});
