import { rootMeanSquare, flipHorizontally } from '../pixels.js';
import { noveltyOf, type NoveltyCalibration } from '../novelty/novelty-calibration.js';
import type { NeighbourSearch, ReferenceImages } from '../novelty/neighbour-search.js';
import type { ScoreCalibration } from '../scores/score-calibration.js';

/** Why a candidate was not kept, in the order in which the gates are asked. */
export const rejectReasons = ['low-score', 'near-copy', 'near-duplicate'] as const;
export type RejectReason = (typeof rejectReasons)[number];

/**
 * Share of the copy distance below which two generated images are near-duplicates. A thin class's real images
 * lie far apart, and many times as many generated ones must lie closer: the whole copy distance rejected 98 %
 * of good sneakers (80 real, 920 wanted), half of it rejects about a tenth.
 */
const DUPLICATE_SHARE = 0.5;

/** One generated image on its way through the gates. */
export interface Judgement {
  readonly score: number;
  readonly novelty: number;
  /** Position of the nearest train image of the class. */
  readonly nearest: number;
  /** Undefined: accepted. */
  readonly reason: RejectReason | undefined;
}

export interface Selection {
  /**
   * Judges a batch of candidates in order; accepted ones are remembered, later near-duplicates of them rejected.
   *
   * @param pixels uint8 [n, size, size, channels]
   * @param logits their discriminator logits, [n]
   */
  judge(pixels: Uint8Array, logits: Float32Array): Promise<Judgement[]>;
}

/**
 * Opens the selection for one class: score, novelty and near-duplicate gates.
 * A near-duplicate lies within half the copy distance of an accepted image.
 */
export function openSelection(options: {
  readonly label: number;
  readonly image: { size: number; channels: number };
  readonly minScore: number;
  readonly scores: ScoreCalibration;
  readonly novelty: NoveltyCalibration;
  readonly search: NeighbourSearch;
  readonly train: ReferenceImages;
  /** Images of the class that were accepted before, uint8 [n, size, size, channels]: not to be repeated. */
  readonly earlier: Uint8Array;
}): Selection {
  const { label, image, minScore, scores, novelty, search, train, earlier } = options;
  const bytes = image.size * image.size * image.channels;
  const duplicateDistance = DUPLICATE_SHARE * novelty.copyDistance;
  const accepted = Array.from({ length: earlier.length / bytes }, (_, i) =>
    earlier.subarray(i * bytes, (i + 1) * bytes),
  );

  const acceptedImages = (count: number): ReferenceImages => ({
    positions: Int32Array.from({ length: count }, (_, i) => i),
    read: (positions) => {
      const block = new Uint8Array(positions.length * bytes);
      Array.from(positions).forEach((position, i) => {
        block.set(accepted[position] ?? [], i * bytes);
      });
      return Promise.resolve(block);
    },
  });

  return {
    async judge(pixels, logits) {
      const before = accepted.length;
      const toTrain = await search.nearest(pixels, train);
      const toAccepted = await search.nearest(pixels, acceptedImages(before));
      return Array.from(logits, (logit, i): Judgement => {
        const own = pixels.slice(i * bytes, (i + 1) * bytes);
        const distance = toTrain.distances[i] ?? Infinity;
        const score = scores.score(label, logit);
        const repeats = () =>
          (toAccepted.distances[i] ?? Infinity) < duplicateDistance ||
          isNearAny(own, accepted.slice(before), image, duplicateDistance);
        const reason = firstReason({
          'low-score': () => score < minScore,
          'near-copy': () => distance < novelty.copyDistance,
          'near-duplicate': repeats,
        });
        if (!reason) accepted.push(own);
        return {
          score,
          novelty: noveltyOf(distance, novelty),
          nearest: toTrain.positions[i] ?? -1,
          reason,
        };
      });
    },
  };
}

function firstReason(gates: Record<RejectReason, () => boolean>): RejectReason | undefined {
  return rejectReasons.find((reason) => gates[reason]());
}

/** Batch-mates accepted a moment ago are few: compared one by one. */
function isNearAny(
  own: Uint8Array,
  others: readonly Uint8Array[],
  image: { size: number; channels: number },
  distance: number,
): boolean {
  if (others.length === 0) return false;
  const mirror = flipHorizontally(own, image.size, image.channels);
  return others.some(
    (other) => Math.min(rootMeanSquare(own, other), rootMeanSquare(mirror, other)) < distance,
  );
}
