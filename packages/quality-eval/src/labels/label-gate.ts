import { quantile } from '../statistics/quantile.js';

/** Share of held-out real images of a class that may be less probably of it than the threshold. */
const LEAST_PROBABLE = 0.1;

/** Tells whether images are of the class that they were asked to be. */
export interface LabelGate {
  /**
   * Whether the class is the most probable one, or at least as probable as for nine in ten held-out images of it.
   *
   * @param probabilities of an image, [classes]
   */
  agrees(label: number, probabilities: Float32Array): boolean;
}

/**
 * Calibrates the gate on held-out images.
 *
 * @param probabilities [n, classes]
 * @param labels [n]; for a class without any, only the most probable class counts
 */
export function calibrateLabels(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
): LabelGate {
  const thresholds = Array.from({ length: classes }, (_, label) => {
    const own = [...labels.keys()].filter((i) => labels[i] === label);
    if (own.length === 0) return Infinity;
    return quantile(
      own.map((i) => probabilities[i * classes + label] ?? 0),
      LEAST_PROBABLE,
    );
  });
  return {
    agrees(label, own) {
      const p = own[label] ?? 0;
      return p >= (thresholds[label] ?? Infinity) || own.every((other) => other <= p);
    },
  };
}
