import { readManifest } from '@evenset/dataset-io';
import { openEngine, parseBudget, train } from '@evenset/gan-core';
import type { CommandContext } from '../command.js';
import { formatDuration } from '../console/format.js';
import { planText } from '../console/plan-text.js';
import { exitCode } from '../exit-code.js';
import type { AugmentOptions } from '../options/augment-options.js';
import { planTargets } from './plan-targets.js';
import { countRows } from './read-input.js';

/** Training steps that are timed for an estimate. */
const TIMED_STEPS = 5;

/** --dry-run: the plan and what it costs; reads the manifest, times a few training steps, writes nothing. */
export async function showPlan(
  options: Readonly<AugmentOptions>,
  { narrator }: CommandContext,
): Promise<number> {
  const manifest = await readManifest(options.manifest, { allowOutside: options.allowOutside });
  const plan = planTargets(countRows(manifest), options);
  const warnings = plan.flatMap((one) => one.warnings);
  const images = plan.reduce((sum, { real }) => sum + real, 0);
  const seconds = await trainingSeconds(options, manifest.classes.length, images);
  warnings.forEach((warning) => {
    narrator.warn(warning);
  });
  narrator.result(
    `${planText(plan)}\n\nTraining: about ${formatDuration(seconds)}. Nothing was written.`,
    { classes: plan, warnings, trainingSeconds: seconds },
  );
  return exitCode.done;
}
