import { fitIsotonic } from './fit-isotonic.js';
import { fitLogistic, sigmoid, type LogisticCase } from './fit-logistic.js';

/** Discriminator logits of images and their classes. */
export interface LabelledLogits {
  /** [n], finite */
  readonly logits: Float32Array;
  /** Class indices, [n]. */
  readonly labels: Int32Array;
}

/** How probable it is that an image with some logit is a real one, if half of a class's images are real. */
export interface RealProbability {
  /** P(real) = sigma(slope * logit + intercept + offsets[label]). */
  readonly slope: number;
  readonly intercept: number;
  /** [classes]; 0 for a class without real or generated images. */
  readonly offsets: readonly number[];
  /** The probability in (0, 1); from an isotonic fit instead in classes with many held-out images. */
  readonly probability: (label: number, logit: number) => number;
}

/** Held-out real images from which on a class has an isotonic fit of its own. */
const MIN_ISOTONIC = 200;

/** No image is real or generated for certain, and odds stay finite. */
const LEAST = 1e-6;

/**
 * Fits the probability of being real: a logistic regression on held-out real images against fresh generated ones,
 * the generated images of each class weighing as much as its real ones, with a penalty on the classes' offsets
 * (L2 = 1). Source: Platt, "Probabilistic outputs for support vector machines" (1999); Zadrozny and Elkan (2002).
 *
 * @param real held-out images: none that the discriminator was trained on
 * @throws RangeError for a logit that is not finite, or where no class has both real and generated images
 */
export function fitRealProbability(
  real: LabelledLogits,
  generated: LabelledLogits,
  classCount: number,
): RealProbability {
  const cases = balancedCases(real, generated, classCount);
  const { slope, intercept, offsets } = fitLogistic(cases, classCount);
  const isotonic = Array.from({ length: classCount }, (_, label) => {
    const own = cases.filter((one) => one.label === label);
    return own.filter(({ isReal }) => isReal).length >= MIN_ISOTONIC
      ? fitIsotonic(
          own.map(({ logit, isReal, weight }) => ({ x: logit, y: isReal ? 1 : 0, weight })),
        )
      : undefined;
  });
  return {
    slope,
    intercept,
    offsets,
    probability(label, logit) {
      const own = isotonic[label]?.(logit);
      const p = own ?? sigmoid(slope * logit + intercept + (offsets[label] ?? 0));
      return Math.min(1 - LEAST, Math.max(LEAST, p));
    },
  };
}

function balancedCases(
  real: LabelledLogits,
  generated: LabelledLogits,
  classCount: number,
): LogisticCase[] {
  const ofReal = countPerClass(real.labels, classCount);
  const ofGenerated = countPerClass(generated.labels, classCount);
  const casesOf = ({ logits, labels }: LabelledLogits, isReal: boolean): LogisticCase[] =>
    Array.from(logits, (logit, i) => {
      const label = labels[i] ?? -1;
      if (!Number.isFinite(logit)) {
        throw new RangeError(`Expected a finite logit for image ${i} but received ${logit}.`);
      }
      const [reals, others] = [ofReal[label] ?? 0, ofGenerated[label] ?? 0];
      return { logit, label, isReal, weight: isReal ? 1 : reals / others };
    }).filter(({ label }) => (ofReal[label] ?? 0) > 0 && (ofGenerated[label] ?? 0) > 0);
  const cases = [...casesOf(real, true), ...casesOf(generated, false)];
  if (cases.length === 0) {
    throw new RangeError(
      `Expected held-out and generated images of one class but received ${real.logits.length} and ${generated.logits.length} of different ones.`,
    );
  }
  return cases;
}

function countPerClass(labels: Int32Array, classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
