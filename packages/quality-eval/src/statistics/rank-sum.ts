import { midRanks } from './mid-ranks.js';

/** How two samples rank among each other. */
export interface RankSum {
  /** Pairs in which the value of `x` is the larger one, equal ones by half. */
  readonly u: number;
  /** u less its mean over its standard deviation if both come from one distribution; 0 where all values are equal. */
  readonly z: number;
}

/**
 * The Mann-Whitney statistic of two samples, with the correction for ties. Source: Mann and Whitney (1947).
 *
 * @param x at least 1 value
 * @param y at least 1 value
 */
export function rankSum(x: ArrayLike<number>, y: ArrayLike<number>): RankSum {
  const [m, n] = [x.length, y.length];
  const all = new Float64Array(m + n);
  all.set(x);
  all.set(y, m);
  const ranks = midRanks(all);
  const sum = ranks.subarray(0, m).reduce((total, rank) => total + rank, 0);
  const u = sum - (m * (m + 1)) / 2;
  // The variance of the ranks, which ties make smaller, is that of u by m n (m + n) / (m + n - 1) / (m + n).
  const middle = (m + n + 1) / 2;
  const spread = ranks.reduce((total, rank) => total + (rank - middle) ** 2, 0);
  const deviation = Math.sqrt((m * n * spread) / ((m + n) * (m + n - 1)));
  return { u, z: deviation > 0 ? (u - (m * n) / 2) / deviation : 0 };
}
