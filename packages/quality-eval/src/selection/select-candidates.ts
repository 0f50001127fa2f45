import { rowsOf } from '../statistics/rows-of.js';
import { gateReasons, type CandidateGates } from './candidate-gates.js';
import type { DuplicateGate } from './duplicate-gate.js';
import type { Rated, SelectionRule } from './selection-rule.js';

/**
 * Why a candidate was not kept, in the order in which it is asked: what a logit tells comes first, and only candidates
 * that it leaves are looked at.
 */
export const rejectReasons = [
  'low-score',
  'not-selected',
  ...gateReasons,
  'near-duplicate',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** One generated image on its way to the data set. */
export interface Judgement extends Rated {
  /** How far from the nearest train image, 1 at the copy threshold; undefined where that was not asked. */
  readonly novelty: number | undefined;
  /** Position of that image. */
  readonly nearest: number | undefined;
  /** Undefined: accepted. */
  readonly reason: RejectReason | undefined;
}

export interface Selection {
  /**
   * Judges the next candidates in order; accepted ones are remembered, later near-duplicates of them rejected. What comes
   * out does not depend on how many are judged at a time.
   *
   * @param pixels uint8 [n, size, size, channels]
   * @param logits their discriminator logits, [n]
   * @param first index of the first one within its class
   */
  judge(pixels: Uint8Array, logits: Float32Array, first: number): Promise<Judgement[]>;
}

/** Opens the selection for one class: its gates, the rule, and the near-duplicates among what is kept. */
export function openSelection(options: {
  readonly minScore: number;
  readonly gates: CandidateGates;
  readonly rule: SelectionRule;
  readonly duplicates: DuplicateGate;
  /** A number in [0, 1) for each candidate by its index, always the same one. */
  readonly draw: (index: number) => number;
}): Selection {
  const { minScore, gates, rule, duplicates, draw } = options;
  return {
    async judge(pixels, logits, first) {
      const bytes = pixels.length / logits.length;
      const imagesAt = (places: readonly number[]) =>
        Buffer.concat(places.map((at) => pixels.subarray(at * bytes, (at + 1) * bytes)));
      const rated = Array.from(logits, (logit, i): Judgement => {
        const own = gates.rate(logit);
        const isLow = own.score < minScore;
        const isSelected = draw(first + i) < rule.keepProbability(own);
        const reason = isLow ? 'low-score' : isSelected ? undefined : 'not-selected';
        return { ...own, novelty: undefined, nearest: undefined, reason };
      });

      const selected = placesWithoutReason(rated);
      const { found, features } = await gates.inspect(imagesAt(selected));
      const inspected = withFindings(rated, selected, found);

      const passing = placesWithoutReason(inspected);
      const dimensions = features.length / Math.max(1, selected.length);
      const rows = passing.map((i) => selected.indexOf(i));
      const isNew = await duplicates.letThrough(
        imagesAt(passing),
        rowsOf(features, dimensions, rows),
      );
      return withFindings(
        inspected,
        passing,
        isNew.map((own) => ({ reason: own ? undefined : 'near-duplicate' })),
      );
    },
  };
}

function placesWithoutReason(judgements: readonly Judgement[]): number[] {
  return [...judgements.keys()].filter((i) => !judgements[i]?.reason);
}

/** Judgements with what was found of some of them. */
function withFindings(
  judgements: readonly Judgement[],
  places: readonly number[],
  found: readonly Partial<Judgement>[],
): Judgement[] {
  const findings = new Map(places.map((place, at) => [place, found[at]]));
  return judgements.map((one, i) => ({ ...one, ...findings.get(i) }));
}
