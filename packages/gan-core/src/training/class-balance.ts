/** Train images by class, and how often each class is drawn. */
export interface ClassBalance {
  /** Positions of the train images of each class. */
  readonly members: readonly Int32Array[];
  /** Probability with which each class is drawn. */
  readonly shares: readonly number[];
}

/**
 * Groups train images by class.
 *
 * @param exponent a class of n images is drawn with probability proportional to n^exponent, one of none never
 */
export function classBalance(
  labels: Int32Array,
  positions: Int32Array,
  classes: number,
  exponent: number,
): ClassBalance {
  const members = Array.from({ length: classes }, (_, label) =>
    positions.filter((position) => labels[position] === label),
  );
  const weights = members.map(({ length }) => (length > 0 ? length ** exponent : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    members,
    shares: weights.map((weight) => weight / total),
  };
}

/** The class for a uniform number in [0, 1), by the classes' shares. */
export function drawClass(shares: readonly number[], uniform: number): number {
  let sum = 0;
  const label = shares.findIndex((share) => uniform < (sum += share));
  // Rounding may leave the sum just below 1.
  return label >= 0 ? label : shares.findLastIndex((share) => share > 0);
}

/** Whose turn a step is. */
export interface Turn {
  /** The class whose own copy of the model is trained; 0 where there is one copy. */
  readonly copy: number;
  /** Steps of that copy, this one included. */
  readonly step: number;
  /** What its batch is drawn from. */
  readonly balance: ClassBalance;
}

/**
 * Whose turn step `step` is, counted from 1: that of the one copy, or of each class in turn, those without images left
 * out.
 */
export function turnOf(step: number, balance: ClassBalance, perClass: boolean): Turn {
  if (!perClass) return { copy: 0, step, balance };
  const trained = [...balance.members.keys()].filter((label) => balance.members[label]?.length);
  const copy = trained[(step - 1) % trained.length] ?? 0;
  return {
    copy,
    step: Math.ceil(step / trained.length),
    // A copy knows only its own class, as class 0.
    balance: { members: balance.members.slice(copy, copy + 1), shares: [1] },
  };
}
