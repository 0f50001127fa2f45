/** Held-out real images' discriminator logits, sorted per class: what a generated image is ranked against. */
export interface ScoreCalibration {
  /** Calibration images per class. */
  readonly counts: readonly number[];
  /**
   * The conformal percentile of `logit` among the held-out reals of class `label`, in (0, 1]:
   * (1 + #{calibration logits <= logit}) / (n + 1). A fresh real image of the class scores
   * uniformly, so .3 means the same in every class. 1 for a class without calibration images.
   */
  readonly score: (label: number, logit: number) => number;
  /**
   * The same for one of the calibration images themselves, among the others: (1 + #{other logits <= logit}) / n.
   */
  readonly scoreAmongOthers: (label: number, logit: number) => number;
}

/**
 * Calibrates scores on held-out real images.
 * Source: split conformal prediction (Vovk et al., 2005), one calibration set per class.
 *
 * @param logits discriminator logits of the calibration images, [n]
 * @param labels their class indices, [n], each in [0, classCount)
 * @throws RangeError on a logit that is not finite or a label out of range
 */
export function calibrateScores(
  logits: Float32Array,
  labels: Int32Array,
  classCount: number,
): ScoreCalibration {
  if (logits.length !== labels.length) {
    throw new RangeError(
      `Expected one label per logit but received ${logits.length} logits and ${labels.length} labels.`,
    );
  }
  const byClass = Array.from({ length: classCount }, (): number[] => []);
  labels.forEach((label, i) => {
    const logit = logits[i] ?? NaN;
    if (!Number.isFinite(logit)) {
      throw new RangeError(
        `Expected a finite logit for calibration image ${i} but received ${logit}.`,
      );
    }
    const ofClass = byClass[label];
    if (!ofClass) {
      throw new RangeError(`Expected a label below ${classCount} but received ${label}.`);
    }
    ofClass.push(logit);
  });
  const sorted = byClass.map((values) => Float32Array.from(values).sort());
  const valuesOf = (label: number) => {
    const values = sorted[label];
    if (!values)
      throw new RangeError(`Expected a label below ${classCount} but received ${label}.`);
    return values;
  };
  return {
    counts: sorted.map((values) => values.length),
    score(label, logit) {
      const values = valuesOf(label);
      return (1 + countAtMost(values, logit)) / (values.length + 1);
    },
    scoreAmongOthers(label, logit) {
      const values = valuesOf(label);
      return countAtMost(values, logit) / values.length;
    },
  };
}

/** The smallest score that a class with `count` calibration images can give. */
export function smallestScore(count: number): number {
  return 1 / (count + 1);
}

function countAtMost(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
