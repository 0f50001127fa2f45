import { describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { fitSelectionRule, selectionOptions } from '../src/index.js';

const pool = Array.from(normalDeviates(1, 1000), (logit) => ({
  logit,
  score: 0.5,
  probability: 1 / (1 + Math.exp(-logit)),
}));
const options = (given: object) => selectionOptions.parse({ selectBudget: 4, ...given });

describe('fitSelectionRule', () => {
  it.each(['budget', 'top'])('keeps one of so many candidates by %s', (select) => {
    const { budget, keepProbability } = fitSelectionRule(options({ select }), pool, 1000);
    expect(budget).toBe(4);
    const kept = pool.reduce((sum, one) => sum + keepProbability(one), 0) / pool.length;
    expect(Math.abs(kept - 0.25)).toBeLessThan(0.01);
    const sorted = pool.toSorted((a, b) => a.logit - b.logit).map(keepProbability);
    expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
    // The best are always kept, and only by budget the others sometimes.
    expect(sorted.at(-1)).toBe(1);
    expect(sorted.some((p) => p > 0 && p < 1)).toBe(select === 'budget');
  });

  it('keeps the best one of a few candidates by top', () => {
    const few = pool.slice(0, 3);
    const { budget, keepProbability } = fitSelectionRule(
      options({ select: 'top', selectBudget: 8 }),
      few,
      3,
    );
    expect(budget).toBe(8);
    const sorted = few.toSorted((a, b) => a.logit - b.logit);
    expect(sorted.map(keepProbability)).toEqual([0, 0, 1]);
  });

  it('keeps all by threshold, and where nothing is known', () => {
    const [one] = pool;
    if (!one) throw new Error('Expected a pool.');
    expect(
      fitSelectionRule(options({ select: 'threshold' }), pool, 1000).keepProbability(one),
    ).toBe(1);
    expect(fitSelectionRule(options({}), [], 1000).keepProbability(one)).toBe(1);
    expect(fitSelectionRule(options({ selectBudget: 1 }), pool, 1000).keepProbability(one)).toBe(1);
  });

  it('asks for no more candidates than half of those that may be drawn', () => {
    // A fifth passes and 20 may be drawn for each: 4 pass, and 2 of those are planned for.
    const few = fitSelectionRule(options({ maxAttempts: 20 }), pool.slice(0, 200), 1000);
    expect(few.budget).toBe(2);
    expect(fitSelectionRule(options({ maxAttempts: 2 }), pool, 1000).budget).toBe(1);
  });
});
