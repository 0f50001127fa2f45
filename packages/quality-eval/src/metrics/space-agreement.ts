import { meanOf } from '../statistics/mean-of.js';
import { midRanks } from '../statistics/mid-ranks.js';
import type { Numbers } from '../statistics/numbers.js';

/** What a change did to a metric of which less is better, as two feature spaces see it. */
export interface SpaceAgreement {
  /** Only what both spaces say: better where the mean fell in both, worse where it rose in both. */
  readonly verdict: 'better' | 'worse' | 'undecided';
  /** Spearman's rank correlation of the classes' changes, in [-1, 1]; undefined for fewer than 3 classes or all equal. */
  readonly rankCorrelation: number | undefined;
}

/**
 * Whether two feature spaces agree that images became better. A generator can please one extractor and not another:
 * an improvement is called one only if both say so.
 *
 * @param first changes (after - before) of each class's metric in one space, at least 1
 * @param second those of the same classes in another space
 * @throws RangeError for no class or different numbers of them
 */
export function spaceAgreement(first: Numbers, second: Numbers): SpaceAgreement {
  if (first.length !== second.length || first.length === 0) {
    throw new RangeError(
      `Expected the same classes in both feature spaces but received ${first.length} and ${second.length}.`,
    );
  }
  const [inFirst, inSecond] = [meanOf(first), meanOf(second)];
  const verdict =
    inFirst < 0 && inSecond < 0 ? 'better' : inFirst > 0 && inSecond > 0 ? 'worse' : 'undecided';
  return { verdict, rankCorrelation: spearman(first, second) };
}

/** Pearson's correlation of the ranks, tied values sharing the mean of theirs. Source: Spearman (1904). */
function spearman(x: Numbers, y: Numbers): number | undefined {
  if (x.length < 3) return undefined;
  const [a, b] = [midRanks(x), midRanks(y)];
  const middle = (x.length + 1) / 2;
  let [covariance, ofA, ofB] = [0, 0, 0];
  a.forEach((rank, i) => {
    const [p, q] = [rank - middle, (b[i] ?? 0) - middle];
    covariance += p * q;
    ofA += p * p;
    ofB += q * q;
  });
  return ofA > 0 && ofB > 0 ? covariance / Math.sqrt(ofA * ofB) : undefined;
}
