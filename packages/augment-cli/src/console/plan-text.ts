import type { ClassPlan } from '../stages/plan-targets.js';
import { formatTable } from './format.js';
import { plainText } from './plain-text.js';

/** The plan as a table: what each class has, should have and will get. */
export function planText(plan: readonly ClassPlan[]): string {
  return formatTable([
    ['class', 'real', 'generated', 'target', 'to make'],
    ...plan.map(({ label, real, generated, target, missing, refused }) => [
      label,
      real,
      generated,
      target,
      refused > 0 ? `refused (${refused})` : missing,
    ]),
  ]);
}

/** What a plan by which nothing is made comes to. */
export function nothingText(plan: readonly ClassPlan[]): string {
  const refused = plan.filter((one) => one.refused > 0).map(({ label }) => plainText(label));
  const why =
    refused.length > 0
      ? `Nothing can be made: ${refused.join(', ')} refused.`
      : 'Nothing to do: every class has its target already.';
  return `${why} Nothing was written.`;
}
