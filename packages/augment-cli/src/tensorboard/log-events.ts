import type { StatsLog } from '../run/stats-log.js';
import type { EventLog } from './open-event-log.js';
import { scalarsOf } from './stats-scalars.js';

/** The same log, which also writes what it takes as scalars; steps that a rollback undid are taken back there. */
export function logEvents(stats: StatsLog, events: EventLog): StatsLog {
  let rollbacks = stats.entries.at(-1)?.rollbacks ?? 0;
  let goodStep = stats.entries.findLast((entry) => entry.goodStep !== undefined)?.goodStep ?? 0;
  return {
    entries: stats.entries,
    seconds: () => stats.seconds(),
    async append(entry) {
      await stats.append(entry);
      if (entry.rollbacks > rollbacks) await events.restart(goodStep);
      ({ rollbacks, goodStep = goodStep } = entry);
      // As it was written, with the time of all sessions.
      await events.scalars(entry.step, scalarsOf(stats.entries.at(-1) ?? entry));
    },
  };
}
