import type { StatsEntry } from '../run/stats-log.js';
import type { Look } from './quality-watch.js';

/** A look as stats.jsonl has it. */
export type PastLook = StatsEntry & Pick<Look, 'diversity'>;

/** The looks that stats.jsonl tells of, without those that were undone. */
export function pastLooks(entries: readonly StatsEntry[]): PastLook[] {
  let looks: PastLook[] = [];
  for (const entry of entries) {
    const { goodStep, diversity } = entry;
    if (goodStep !== undefined) looks = looks.filter(({ step }) => step <= goodStep);
    else if (diversity) looks.push({ ...entry, diversity });
  }
  return looks;
}

/** The look with the smallest kernel distance; the last one where none could be measured. */
export function bestLook(looks: readonly PastLook[]): PastLook | undefined {
  return looks.reduce<PastLook | undefined>((best, look) => {
    const isBetter = (look.kernelDistance ?? -Infinity) < (best?.kernelDistance ?? Infinity);
    return isBetter ? look : best;
  }, undefined);
}
