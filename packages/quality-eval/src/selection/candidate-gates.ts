import type { FeatureExtractor } from '../features/feature-extractor.js';
import type { LabelClassifier } from '../labels/label-classifier.js';
import type { LabelGate } from '../labels/label-gate.js';
import type { CopyDetector } from '../novelty/copy-detector.js';
import type { Rated } from './selection-rule.js';

/** Why an image does not pass the gates, in the order in which they are asked. */
export const gateReasons = ['other-class', 'near-copy'] as const;
export type GateReason = (typeof gateReasons)[number];

/** What was found of one image, whether it passes or not. */
export interface Inspection {
  /** How far from the nearest train image, 1 at the copy threshold. */
  readonly novelty: number;
  /** Position of that image. */
  readonly nearest: number;
  /** Undefined: it passes. */
  readonly reason: GateReason | undefined;
}

/** The gates of one class, which judge an image by itself: the same image in another batch is judged alike. */
export interface CandidateGates {
  /** What the discriminator's logit says of an image. */
  rate(logit: number): Rated;
  /**
   * @param pixels uint8 [n, size, size, channels]
   * @returns what was found of each, and their features in which novelty is measured, [n, d]
   */
  inspect(pixels: Uint8Array): Promise<{ found: Inspection[]; features: Float32Array }>;
}

/** Puts the gates of a class together. */
export function candidateGates(options: {
  readonly label: number;
  readonly score: (logit: number) => number;
  readonly probability: (logit: number) => number;
  readonly extractor: Pick<FeatureExtractor, 'extract'>;
  readonly copies: CopyDetector;
  /** Undefined: whether an image is of its class is not asked. */
  readonly labels: { readonly classifier: LabelClassifier; readonly gate: LabelGate } | undefined;
}): CandidateGates {
  const { label, score, probability, extractor, copies, labels } = options;
  return {
    rate: (logit) => ({ logit, score: score(logit), probability: probability(logit) }),
    async inspect(pixels) {
      const features = await extractor.extract(pixels);
      const { novelty, nearest } = await copies.measure(pixels, features);
      const told = await labels?.classifier.classify(pixels);
      const found = Array.from(novelty, (own, i): Inspection => {
        const { classes = 1 } = labels?.classifier ?? {};
        const row = told?.probabilities.subarray(i * classes, (i + 1) * classes);
        const isOther = row !== undefined && labels?.gate.agrees(label, row) === false;
        const reason = isOther ? 'other-class' : own < 1 ? 'near-copy' : undefined;
        return { novelty: own, nearest: nearest[i] ?? -1, reason };
      });
      return { found, features };
    },
  };
}
