import type { StatsEntry } from '../run/stats-log.js';

/** A loss over the steps; a rollback raises `rollbacks` and begins a new stretch. */
export interface LossLine {
  /** As stats.jsonl names it, without `loss`. */
  readonly name: string;
  readonly points: readonly { step: number; value: number; rollbacks: number }[];
}

/** Points of a line at most. */
const POINTS = 120;

/** Every loss that was logged, means over stretches of steps. */
export function lossPoints(entries: readonly StatsEntry[]): LossLine[] {
  const names = new Set(
    entries.flatMap((entry) => Object.keys(entry).filter((key) => key.startsWith('loss'))),
  );
  const length = Math.max(1, Math.ceil(entries.length / POINTS));
  return [...names].flatMap((name) => {
    const points = [];
    for (let from = 0; from < entries.length; from += length) {
      const stretch = entries.slice(from, from + length);
      const [first] = stretch;
      const values = stretch
        .filter(({ rollbacks }) => rollbacks === first?.rollbacks)
        .map((entry) => (entry as unknown as Record<string, unknown>)[name])
        .filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
      if (!first || values.length === 0) continue;
      const value = values.reduce((sum, one) => sum + one, 0) / values.length;
      points.push({ step: first.step, value, rollbacks: first.rollbacks });
    }
    return points.length === 0 ? [] : [{ name: name.slice('loss'.length) || 'loss', points }];
  });
}
