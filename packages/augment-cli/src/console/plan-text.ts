import type { ClassPlan } from '../stages/plan-targets.js';
import { formatTable } from './format.js';

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
