/** A value seen at x; a heavier one counts for more. */
export interface IsotonicCase {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

interface Pool {
  /** The smallest x of the pool. */
  readonly from: number;
  readonly weight: number;
  readonly mean: number;
}

/**
 * The rising step function nearest to the cases in weighted squares, by pooling neighbours that fall; drawn
 * towards 1/2 by one case among all, so that no value is 0 or 1 where the cases' are.
 * Source: Barlow et al., "Statistical inference under order restrictions" (1972).
 *
 * @param cases at least 1
 */
export function fitIsotonic(cases: readonly IsotonicCase[]): (x: number) => number {
  const pools: Pool[] = [];
  for (let pool of placesOf(cases)) {
    for (let last = pools.at(-1); last && last.mean >= pool.mean; last = pools.at(-1)) {
      pools.pop();
      pool = pooled(last, pool);
    }
    pools.push(pool);
  }
  const total = cases.reduce((sum, { weight }) => sum + weight, 0);
  const steps = pools.map(({ from, mean }) => ({
    from,
    value: (mean * total + 0.5) / (total + 1),
  }));
  return (x) => {
    const above = steps.findIndex(({ from }) => from > x);
    const at = above < 0 ? steps.length - 1 : Math.max(above - 1, 0);
    return steps[at]?.value ?? NaN;
  };
}

/** The cases of each x as one pool, from left to right. */
function placesOf(cases: readonly IsotonicCase[]): Pool[] {
  const places: Pool[] = [];
  for (const { x, y, weight } of [...cases].sort((a, b) => a.x - b.x)) {
    const pool = { from: x, weight, mean: y };
    const last = places.at(-1);
    if (last?.from === x) places.splice(-1, 1, pooled(last, pool));
    else places.push(pool);
  }
  return places;
}

function pooled(left: Pool, right: Pool): Pool {
  const weight = left.weight + right.weight;
  return {
    from: left.from,
    weight,
    mean: (left.weight * left.mean + right.weight * right.mean) / weight,
  };
}
