/** How strongly large classes are preferred: images are drawn with probability proportional to n^.5. */
const BALANCE_EXPONENT = 0.5;
/** The class signal is ramped in when the smallest class has fewer images. */
const RAMP_BELOW = 200;
/** The share of the run over which it is ramped in (Shahbazi et al., 2022). */
const RAMP_FROM = 0.2;
const RAMP_TO = 0.5;

/** Train images by class, and how often each class is drawn. */
export interface ClassBalance {
  /** Positions of the train images of each class. */
  readonly members: readonly Int32Array[];
  /** Probability with which each class is drawn. */
  readonly shares: readonly number[];
  /** Images in the smallest class that has any. */
  readonly smallest: number;
}

/** Groups train images by class. */
export function classBalance(
  labels: Int32Array,
  positions: Int32Array,
  classes: number,
): ClassBalance {
  const members = Array.from({ length: classes }, (_, label) =>
    positions.filter((position) => labels[position] === label),
  );
  const weights = members.map(({ length }) => length ** BALANCE_EXPONENT);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    members,
    shares: weights.map((weight) => weight / total),
    smallest: Math.min(...members.map(({ length }) => length).filter((length) => length > 0)),
  };
}

/** The class for a uniform number in [0, 1), by the classes' shares. */
export function drawClass(shares: readonly number[], uniform: number): number {
  let sum = 0;
  const label = shares.findIndex((share) => uniform < (sum += share));
  // Rounding may leave the sum just below 1.
  return label >= 0 ? label : shares.findLastIndex((share) => share > 0);
}

/** How much of the class signal the networks see at a share of the run, 0 to 1. */
export function conditioningWeight({ smallest }: ClassBalance, progress: number): number {
  if (smallest >= RAMP_BELOW) return 1;
  return Math.min(1, Math.max(0, (progress - RAMP_FROM) / (RAMP_TO - RAMP_FROM)));
}
