import type { StatsEntry } from '../run/stats-log.js';
import { faultText, type Fault } from './fault-text.js';

/** A fault of a run, in whatever session. */
interface PastFault extends Fault {
  /** How often the run had gone back before. */
  readonly rollbacks: number;
}

/** What went wrong, and the good step to which training went back each time. */
export function pastFaults(entries: readonly StatsEntry[]): Fault[] {
  return faultsIn(entries).map(({ step, reason, goodStep }) => ({ step, reason, goodStep }));
}

/**
 * What was said of each fault.
 *
 * @param rollbacks how often the run went back: a fault that no rollback followed was at its end
 */
export function faultWarnings(entries: readonly StatsEntry[], rollbacks: number): string[] {
  return faultsIn(entries).map((fault) =>
    faultText(fault, fault.rollbacks < rollbacks ? fault.rollbacks + 1 : undefined),
  );
}

function faultsIn(entries: readonly StatsEntry[]): PastFault[] {
  return entries.flatMap(({ step, fault, goodStep, rollbacks }) =>
    fault === undefined || goodStep === undefined
      ? []
      : [{ step, reason: fault, goodStep, rollbacks }],
  );
}
