import type { StepReport } from '@evenset/gan-core';
import { affordableText, smallBudgetWarning } from './budget-text.js';

/** Says once, when the first steps are timed or the run ends before, what the budget affords. */
export function openBudgetTeller(options: {
  readonly budget: string;
  /** Steps that were done before this session. */
  readonly from: number;
  readonly batchSize: number;
  /** Copies of the model, which share the steps. */
  readonly copies: number;
  readonly trainImages: number;
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}): (report: StepReport) => void {
  const { budget, from, batchSize, copies, trainImages } = options;
  let isSaid = false;
  return ({ step, totalSteps, elapsedSeconds, secondsLeft }) => {
    if (isSaid || (secondsLeft === undefined && step < totalSteps)) return;
    isSaid = true;
    const seconds = elapsedSeconds + (secondsLeft ?? 0);
    const affordable = affordableText({
      steps: totalSteps - from,
      batchSize,
      trainImages,
      seconds,
    });
    options.say(`Budget ${budget}: ${affordable}${from > 0 ? ' from here on' : ''}.`);
    const warning = smallBudgetWarning(budget, { steps: totalSteps, batchSize, copies });
    if (warning !== undefined) options.warn(warning);
  };
}
