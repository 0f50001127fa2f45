import { assertCarriedThrough, readManifest } from '@evenset/dataset-io';
import { configureModel, openEngine, parseBudget, resolveRecipe, train } from '@evenset/gan-core';
import type { CommandContext } from '../command.js';
import { formatDuration } from '../console/format.js';
import type { Narrator } from '../console/narrator.js';
import { planText } from '../console/plan-text.js';
import { exitCode } from '../exit-code.js';
import type { AugmentOptions } from '../options/augment-options.js';
import { assertModelFits } from './assert-model-fits.js';
import { planTargets } from './plan-targets.js';
import { countRows } from './count-images.js';

/** Training steps that are timed for an estimate. */
const TIMED_STEPS = 5;

/** --dry-run: the plan and what it costs; reads the manifest, times a few training steps, writes nothing. */
export async function showPlan(
  options: Readonly<AugmentOptions>,
  { narrator }: CommandContext,
): Promise<number> {
  const manifest = await readManifest(options.manifest, options);
  assertCarriedThrough(manifest);
  assertModelFits(options, manifest.classes);
  const plan = planTargets(countRows(manifest), options);
  const warnings = plan.flatMap((one) => one.warnings);
  const images = plan.reduce((sum, { real }) => sum + real, 0);
  const isNeeded = plan.some(({ missing }) => missing > 0);
  const seconds = isNeeded
    ? await trainingSeconds(options, manifest.classes.length, images, narrator)
    : 0;
  warnings.forEach((warning) => {
    narrator.warn(warning);
  });
  narrator.result(
    `${planText(plan)}\n\n${isNeeded ? `Training: about ${formatDuration(seconds)}.` : 'Nothing to do.'} Nothing was written.`,
    { classes: plan, warnings, trainingSeconds: seconds },
  );
  return exitCode.done;
}

/** The budget itself, or its images at the speed that a few steps on black images show. */
async function trainingSeconds(
  options: Readonly<AugmentOptions>,
  classes: number,
  trainImages: number,
  narrator: Narrator,
): Promise<number> {
  const budget = parseBudget(options.budget);
  if (budget.kind === 'time') return budget.seconds;
  const images = budget.kind === 'images' ? budget.images : budget.epochs * trainImages;
  const channels = options.channels === 'auto' ? 3 : options.channels;
  const bytes = options.size * options.size * channels;
  const engine = await openEngine(options.engine, {
    ...options,
    onWarning: (line) => {
      narrator.warn(line);
    },
  });
  const recipe = resolveRecipe(options);
  const training = await train({
    ...options,
    budget: `${(TIMED_STEPS * recipe.batchSize) / 1000}kimg`,
    config: configureModel(options.model, { ...options, channels, classes }),
    recipe,
    labels: [],
    images: {
      labels: new Int32Array(1),
      read: (positions) => Promise.resolve(new Uint8Array(positions.length * bytes)),
    },
    positions: new Int32Array(1),
    engine,
  });
  let imagesPerSecond = 1;
  for await (const report of training) ({ imagesPerSecond } = report);
  await training.dispose();
  await engine.dispose();
  return images / imagesPerSecond;
}
