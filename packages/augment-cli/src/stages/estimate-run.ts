import { assertCarriedThrough, readManifest, type Manifest } from '@evenset/dataset-io';
import { copyCount, parseBudget, resolveRecipe, stepsOf, train } from '@evenset/gan-core';
import type { CommandContext } from '../command.js';
import { affordableText, smallBudgetWarning, type Affordable } from '../console/budget-text.js';
import type { Narrator } from '../console/narrator.js';
import { nothingText, planText } from '../console/plan-text.js';
import { exitCode } from '../exit-code.js';
import type { AugmentOptions } from '../options/augment-options.js';
import { assertModelFits } from './assert-model-fits.js';
import { countRows, labelledRows } from './count-images.js';
import { configOf } from './model-of.js';
import { isRefusing, planTargets } from './plan-targets.js';
import { splitReal } from './split-real.js';
import { openChosenEngine } from '../run/open-chosen-engine.js';

/** Training steps that are timed for an estimate. */
const TIMED_STEPS = 5;

/**
 * --dry-run: the plan and what it costs; reads the manifest, times a few training steps, writes nothing.
 *
 * @returns the exit code: that of a run that stays short of its target where a class is refused
 */
export async function showPlan(
  options: Readonly<AugmentOptions>,
  context: CommandContext,
): Promise<number> {
  const { narrator } = context;
  const manifest = await readManifest(options.manifest, options);
  assertCarriedThrough(manifest);
  assertModelFits(options, manifest.classes, context);
  const plan = planTargets(countRows(manifest), options);
  const affordable = plan.some(({ missing }) => missing > 0)
    ? await timeTraining(options, manifest, narrator)
    : undefined;
  const tooSmall = affordable && smallBudgetWarning(options.budget, affordable);
  const warnings = [...plan.flatMap((one) => one.warnings), ...(tooSmall ? [tooSmall] : [])];
  warnings.forEach((warning) => {
    narrator.warn(warning);
  });
  const outlook = affordable
    ? `Training: ${affordableText(affordable)}. Nothing was written.`
    : nothingText(plan);
  narrator.result(`${planText(plan)}\n\n${outlook}`, {
    classes: plan,
    warnings,
    trainingSeconds: affordable?.seconds ?? 0,
  });
  return isRefusing(plan) ? exitCode.short : exitCode.done;
}

/** What the budget affords at the speed that a few steps on black images show. */
async function timeTraining(
  options: Readonly<AugmentOptions>,
  manifest: Manifest,
  narrator: Narrator,
): Promise<Affordable> {
  const channels = options.channels === 'auto' ? 3 : options.channels;
  const bytes = options.size * options.size * channels;
  const engine = await openChosenEngine(options, narrator);
  const recipe = resolveRecipe(options);
  const { batchSize } = recipe;
  const config = configOf(options, { classes: manifest.classes, size: options.size, channels });
  // One image a class: copies of the model take turns.
  const images = Int32Array.from(manifest.classes.keys());
  const training = await train({
    seed: options.seed,
    budget: `${(TIMED_STEPS * batchSize) / 1000}kimg`,
    config,
    recipe,
    labels: [],
    images: {
      labels: images,
      read: (positions) => Promise.resolve(new Uint8Array(positions.length * bytes)),
    },
    positions: images,
    engine,
  });
  let imagesPerSecond = 1;
  for await (const report of training) ({ imagesPerSecond } = report);
  await training.dispose();
  await engine.dispose();
  // As if no image had duplicates, which only pixels tell.
  const trainImages = splitReal(manifest, labelledRows(manifest, 'real'), options).train.length;
  const budget = parseBudget(options.budget);
  const steps =
    budget.kind === 'time'
      ? Math.max(1, Math.floor((budget.seconds * imagesPerSecond) / batchSize))
      : stepsOf(budget, batchSize, trainImages);
  const seconds = budget.kind === 'time' ? budget.seconds : (steps * batchSize) / imagesPerSecond;
  return { steps, batchSize, copies: copyCount(config), trainImages, seconds };
}
