import type { Look } from './quality-watch.js';

/** Looks before this share of the run are no evidence of a collapse: the generator has learned little yet. */
const COLLAPSE_FROM = 0.2;
/**
 * A class whose generated images differ from each other less than this share of what its real ones do has collapsed.
 * Healthy classes lie between .5 and 1 (docs/training.md), one image repeated at 0.
 */
const COLLAPSED = 0.25;
/** A kernel distance this many times the best one is out of bounds ... */
const DIVERGED = 5;
/** ... if it is above this too: below, distances differ by chance. */
const NOTICEABLE = 0.1;

/** What a look means for the run. */
export type Verdict =
  | { readonly kind: 'good' }
  /** Not good enough to go back to, not bad enough to go back from. */
  | { readonly kind: 'suspect' }
  | { readonly kind: 'failed'; readonly reason: string };

/** A look, and the share of the run at which it was taken. */
export type DatedLook = Pick<Look, 'diversity'> &
  Partial<Pick<Look, 'kernelDistance'>> & { readonly progress: number };

/**
 * Judges the last of a run's looks by those before it.
 *
 * A class has collapsed when its diversity fell below a quarter of the real one after it was above: a generator that has
 * not learned a class yet is no reason to start again, because the same would happen. Training has diverged when two
 * looks running are many times worse than the best one; the first of them is suspect.
 */
export function judgeLooks(looks: readonly DatedLook[]): Verdict {
  const now = looks.at(-1);
  if (!now) throw new RangeError('Expected a look to judge but received none.');
  const before = looks.slice(0, -1);
  const { kernelDistance, diversity, progress } = now;
  if (kernelDistance !== undefined && !Number.isFinite(kernelDistance)) {
    return { kind: 'failed', reason: `the kernel distance is ${kernelDistance}` };
  }
  if (progress > COLLAPSE_FROM) {
    for (const [label, ratio] of Object.entries(diversity)) {
      const wasVaried = before.some((look) => (look.diversity[label] ?? 0) >= COLLAPSED);
      if (ratio >= COLLAPSED || !wasVaried) continue;
      const share = (100 * ratio).toFixed(0);
      return {
        kind: 'failed',
        reason: `the class ${label} collapsed: its generated images differ ${share} % as much as its real ones`,
      };
    }
  }
  if (!isDiverged(now, before)) return { kind: 'good' };
  const previous = before.at(-1);
  if (!previous || !isDiverged(previous, before.slice(0, -1))) return { kind: 'suspect' };
  return {
    kind: 'failed',
    reason: `the kernel distance to held-out images rose from ${bestOf(before).toFixed(2)} to ${(kernelDistance ?? 0).toFixed(2)}`,
  };
}

function isDiverged({ kernelDistance = 0 }: DatedLook, before: readonly DatedLook[]): boolean {
  return kernelDistance > DIVERGED * Math.max(bestOf(before), NOTICEABLE / DIVERGED);
}

/** The smallest kernel distance of some looks; Infinity for none. */
function bestOf(looks: readonly DatedLook[]): number {
  return Math.min(...looks.map((look) => look.kernelDistance ?? Infinity));
}
