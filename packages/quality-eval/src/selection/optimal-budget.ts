/** Keeps candidates at random, the more probably real ones the more likely. */
export interface BudgetRule {
  /** The scale that makes the mean of `keepProbability` over the pool what was asked for. */
  readonly kappa: number;
  /** The probability to keep a candidate that is real with probability `p`. */
  readonly keepProbability: (p: number) => number;
}

/** Halvings of the interval of log kappa. */
const ROUNDS = 100;

/**
 * Fits optimal-budget rejection sampling: of K candidates one is kept on average, each with probability
 * min(1, kappa r / r_max), r = p / (1 - p) being how many times denser real images are there than generated ones. Of all
 * rules with that budget it brings the kept ones nearest to the real ones.
 * Source: Verine et al., "Optimal budgeted rejection sampling for generative models" (2024), theorem 3.1.
 *
 * @param pool probabilities of being real of a fair sample of the candidates, each in (0, 1)
 * @param budget K, candidates for each one kept, at least 1
 * @throws RangeError for an empty pool, a probability outside (0, 1) or a budget below 1
 */
export function fitOptimalBudget(pool: Iterable<number>, budget: number): BudgetRule {
  const ratios = Array.from(pool, ratioOf);
  if (ratios.length === 0)
    throw new RangeError('Expected at least one candidate but received none.');
  if (!(budget >= 1))
    throw new RangeError(`Expected a budget of 1 or more but received ${budget}.`);
  const largest = ratios.reduce((max, ratio) => Math.max(max, ratio), 0);
  const smallest = ratios.reduce((min, ratio) => Math.min(min, ratio), Infinity);
  const keep = (ratio: number, kappa: number) => Math.min(1, (kappa * ratio) / largest);
  const acceptance = (kappa: number) =>
    ratios.reduce((sum, ratio) => sum + keep(ratio, kappa), 0) / ratios.length;

  // At 1 / budget nobody is kept more often than wanted, at the upper end everybody is kept.
  let [low, high] = [Math.log(1 / budget), Math.log(largest / smallest)];
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2;
    if (acceptance(Math.exp(middle)) < 1 / budget) low = middle;
    else high = middle;
  }
  const kappa = Math.exp(high);
  return { kappa, keepProbability: (p) => keep(ratioOf(p), kappa) };
}

function ratioOf(p: number): number {
  if (!(p > 0 && p < 1)) {
    throw new RangeError(`Expected a probability above 0 and below 1 but received ${p}.`);
  }
  return p / (1 - p);
}
