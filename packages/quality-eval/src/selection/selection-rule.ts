import { keepTop } from './keep-top.js';
import { fitOptimalBudget } from './optimal-budget.js';
import type { SelectionOptions } from './selection-options.js';

/** What the discriminator says of a candidate. */
export interface Rated {
  readonly logit: number;
  /** Conformal percentile among held-out real images, in (0, 1]. */
  readonly score: number;
  /** Of being real, in (0, 1). */
  readonly probability: number;
}

/** Which of the candidates that pass every gate are kept. */
export interface SelectionRule {
  /** Passing candidates for each one kept, on average. */
  readonly budget: number;
  /** The probability to keep a candidate. */
  readonly keepProbability: (candidate: Rated) => number;
}

/** Candidates are not to be used up: only this share of them is planned for. */
const PLANNED = 0.5;

/**
 * Fits the rule by which passing candidates are selected to a fair sample of candidates. The budget is lowered to what
 * the candidates that may be drawn afford: half of them must be enough.
 *
 * @param pool those that pass the gates
 * @param drawn how many were drawn for that
 */
export function fitSelectionRule(
  { select, selectBudget, maxAttempts }: SelectionOptions,
  pool: readonly Rated[],
  drawn: number,
): SelectionRule {
  const all = { budget: 1, keepProbability: () => 1 };
  const affordable = (PLANNED * maxAttempts * pool.length) / drawn;
  const budget = Math.max(1, Math.min(selectBudget, affordable));
  if (select === 'threshold' || pool.length === 0 || budget === 1) return all;
  if (select === 'budget') {
    const { keepProbability } = fitOptimalBudget(
      pool.map(({ probability }) => probability),
      budget,
    );
    return { budget, keepProbability: ({ probability }) => keepProbability(probability) };
  }
  const kept = keepTop(
    pool.map(({ logit }) => logit),
    // The best one of the pool at least.
    Math.max(1 / budget, 1 / pool.length),
  );
  const least = pool.reduce(
    (min, { logit }, i) => (kept[i] === 1 ? Math.min(min, logit) : min),
    Infinity,
  );
  return { budget, keepProbability: ({ logit }) => (logit >= least ? 1 : 0) };
}
