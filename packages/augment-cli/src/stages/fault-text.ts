import type { RunRecord } from '../run/run-record.js';

/** Times that a run goes back at most; the learning rates are an eighth then. */
export const MAX_ROLLBACKS = 3;

/** What went wrong in training, and the good step before. */
export type Fault = NonNullable<RunRecord['training']>['faults'][number];

/**
 * A fault in a sentence: what went wrong, and what was done.
 *
 * @param rollback its number; undefined at the end of the run, where nothing is done again
 */
export function faultText({ step, reason, goodStep }: Fault, rollback: number | undefined): string {
  return rollback === undefined
    ? `At the last step, ${reason}; an earlier checkpoint is used.`
    : `At step ${step}, ${reason}; back to step ${goodStep} at half the learning rates (${rollback} of ${MAX_ROLLBACKS}).`;
}
