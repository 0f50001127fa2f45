import type { Look } from './quality-watch.js';

/**
 * Steps before which no model here has learned what its classes look like: until then kernel distances jump and
 * diversity falls from that of noise before it rises (docs/training.md).
 */
export const FEWEST_USEFUL_STEPS = 300;
/** Nor is a look in this first share of a run evidence of anything. */
const JUDGED_FROM = 0.2;
/**
 * A class whose generated images differ from each other less than this share of what its real ones do has collapsed, if
 * they once differed by twice as much. Healthy classes lie between .5 and 1, one image repeated at 0.
 */
const COLLAPSED = 0.25;
/** A kernel distance this many times the best one is that of noise, not of a model that gets a little worse ... */
const DIVERGED = 5;
/** ... where the best one counts as this at least: good models are around 0. */
const SMALLEST_DISTANCE = 1;

/** What a look means for the run. */
export type Verdict =
  | { readonly kind: 'good' }
  /** Not good enough to go back to, not bad enough to go back from. */
  | { readonly kind: 'suspect' }
  | { readonly kind: 'failed'; readonly reason: string };

/** A look, the step of each copy of the model, and the share of the run at which it was taken. */
export type DatedLook = Pick<Look, 'diversity'> &
  Partial<Pick<Look, 'kernelDistance'>> & { readonly step: number; readonly progress: number };

/**
 * Judges the last of a run's looks by those before it. Training has failed when a class collapsed that was varied
 * before, when two looks running are many times worse than the best one (the first of them is suspect), or when the
 * distance is no number. A class that never became varied is no failure: to start again would do the same.
 */
export function judgeLooks(looks: readonly DatedLook[]): Verdict {
  const now = looks.at(-1);
  if (!now) throw new RangeError('Expected a look to judge but received none.');
  const before = looks.slice(0, -1);
  const { kernelDistance = 0, diversity } = now;
  if (!Number.isFinite(kernelDistance)) {
    return { kind: 'failed', reason: `the kernel distance is ${kernelDistance}` };
  }
  if (!isEvidence(now)) return { kind: 'good' };
  for (const [label, ratio] of Object.entries(diversity)) {
    const wasVaried = before.some(
      (look) => isEvidence(look) && (look.diversity[label] ?? 0) >= 2 * COLLAPSED,
    );
    if (ratio >= COLLAPSED || !wasVaried) continue;
    const share = (100 * ratio).toFixed(0);
    return {
      kind: 'failed',
      reason: `the class ${label} collapsed: its generated images differ ${share} % as much as its real ones`,
    };
  }
  if (!isDiverged(looks)) return { kind: 'good' };
  if (!isDiverged(before)) return { kind: 'suspect' };
  return {
    kind: 'failed',
    reason: `the kernel distance to held-out images rose from ${smallestOf(before).toFixed(2)} to ${kernelDistance.toFixed(2)}`,
  };
}

/** The classes of a look whose generated images are hardly varied, whatever they were before. */
export function uniformClasses({ diversity }: Pick<Look, 'diversity'>): [string, number][] {
  return Object.entries(diversity).filter(([, ratio]) => ratio < COLLAPSED);
}

function isEvidence({ step, progress }: DatedLook): boolean {
  return step >= FEWEST_USEFUL_STEPS && progress > JUDGED_FROM;
}

/** Whether the last look is many times worse than the best before it. */
function isDiverged(looks: readonly DatedLook[]): boolean {
  const last = looks.at(-1);
  if (!last || !isEvidence(last)) return false;
  const best = Math.max(SMALLEST_DISTANCE, smallestOf(looks.slice(0, -1)));
  return (last.kernelDistance ?? 0) > DIVERGED * best;
}

/** The smallest kernel distance of some looks; Infinity for none. */
function smallestOf(looks: readonly DatedLook[]): number {
  return Math.min(...looks.map(({ kernelDistance }) => kernelDistance ?? Infinity));
}
