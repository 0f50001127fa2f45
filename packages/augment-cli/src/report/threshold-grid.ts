import { reaches } from '@evenset/dataset-io';
import type { ClassEvidence, Figures } from './read-evidence.js';

/** Thresholds that the page's sliders offer: increasing values of each. */
interface ThresholdSteps {
  readonly scores: readonly number[];
  readonly novelties: readonly number[];
}

/**
 * How many images reach which thresholds, as pairs in one list: the distance to the next occupied cell, and its count. A
 * cell is `score * (novelties + 1) + novelty`, each the number of steps that an image reaches. Counts at the steps are
 * exact for any number of images, and the size is bounded by the number of cells.
 */
type ThresholdCounts = readonly number[];

/** What the page's script knows of a class. */
interface ClassCounts {
  readonly label: string;
  /** What `augment filter` decides about. */
  readonly generated: ThresholdCounts;
  /** This run's candidates, accepted or not. */
  readonly judged: ThresholdCounts;
  readonly heldOut: ThresholdCounts;
  /** Judged candidates whose novelty nobody asked for; they count as 0. */
  readonly unmeasured: number;
}

/** The page's data: steps and counts, and where the sliders start. */
export interface ThresholdData extends ThresholdSteps {
  /** Indices of the steps that keep everything that the run accepted. */
  readonly start: { readonly score: number; readonly novelty: number };
  readonly classes: readonly ClassCounts[];
}

/** Numbers of steps that are tried, until the data fits. */
const FINENESS = [100, 50, 20, 10, 4, 2];
/** Distances between steps. */
const ROUND_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Novelties above this quantile share the last step. */
const UPPER = 0.99;

/**
 * The counts of all classes, on as fine a grid as `budget` characters of JSON allow.
 *
 * @param minScore the run's own, always a step
 */
export function thresholdData(
  classes: readonly ClassEvidence[],
  minScore: number,
  budget: number,
): ThresholdData {
  const largest = largestNovelty(classes);
  let data: ThresholdData | undefined;
  for (const steps of FINENESS) {
    const scores = stepsTo(1, steps, minScore);
    const novelties = stepsTo(largest, steps, 1);
    data = {
      scores,
      novelties,
      start: { score: scores.indexOf(minScore), novelty: 0 },
      classes: classes.map(({ label, generated, accepted, rejected, heldOut }) => ({
        label,
        generated: thresholdCounts([generated], { scores, novelties }),
        judged: thresholdCounts([accepted, rejected], { scores, novelties }),
        heldOut: thresholdCounts([heldOut], { scores, novelties }),
        unmeasured: rejected.novelties.filter(Number.isNaN).length,
      })),
    };
    if (JSON.stringify(data).length <= budget) break;
  }
  return data ?? { scores: [], novelties: [], start: { score: 0, novelty: 0 }, classes: [] };
}

/** How many steps a value reaches. */
export function stepsReached(value: number, steps: readonly number[]): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reaches(value, steps[middle] ?? Infinity)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function thresholdCounts(
  groups: readonly Figures[],
  { scores, novelties }: ThresholdSteps,
): ThresholdCounts {
  const cells = new Uint32Array((scores.length + 1) * (novelties.length + 1));
  for (const group of groups) {
    for (const [i, score] of group.scores.entries()) {
      const novelty = group.novelties[i] ?? NaN;
      const column = stepsReached(Number.isNaN(novelty) ? 0 : novelty, novelties);
      const cell = stepsReached(score, scores) * (novelties.length + 1) + column;
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
  }
  const counts: number[] = [];
  let last = 0;
  for (const [cell, count] of cells.entries()) {
    if (count === 0) continue;
    counts.push(cell - last, count);
    last = cell;
  }
  return counts;
}

/** Even round steps from 0 to a largest value, about `count`, with one more where a value of interest lies between two. */
function stepsTo(largest: number, count: number, special: number): number[] {
  const step = ROUND_STEPS.find((one) => largest / one <= 1.5 * count) ?? largest;
  const even = Array.from({ length: Math.round(largest / step) + 1 }, (_, i) =>
    Number((i * step).toFixed(4)),
  );
  return [...new Set([...even, special])].sort((a, b) => a - b);
}

/** What the novelty slider and its charts end at: a whole number of copy distances. */
function largestNovelty(classes: readonly ClassEvidence[]): number {
  const values = classes
    .flatMap(({ generated, accepted }) => [generated.novelties, accepted.novelties])
    .flat()
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return Math.max(2, Math.ceil(values[Math.floor(UPPER * (values.length - 1))] ?? 2));
}
