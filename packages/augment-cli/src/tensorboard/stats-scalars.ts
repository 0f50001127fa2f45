import type { StatsEntry } from '../run/stats-log.js';

/** Where a run is, and what has no curve. */
const places = new Set(['step', 'rollbacks', 'goodStep']);

/** The numbers of a log entry by their names, those of classes behind a slash: `lossD`, `diversity/bag`. */
export function scalarsOf(entry: StatsEntry): Map<string, number> {
  const scalars = new Map<string, number>();
  for (const [name, value] of Object.entries(entry) as [string, unknown][]) {
    if (places.has(name)) continue;
    if (typeof value === 'number') scalars.set(name, value);
    if (typeof value !== 'object' || value === null) continue;
    for (const [label, one] of Object.entries(value) as [string, unknown][]) {
      if (typeof one === 'number') scalars.set(`${name}/${label}`, one);
    }
  }
  return scalars;
}
