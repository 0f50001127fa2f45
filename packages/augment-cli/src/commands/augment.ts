import { assertCarriedThrough, hashFile, readManifest } from '@evenset/dataset-io';
import { defineCommand, type CommandContext } from '../command.js';
import { nothingText, planText } from '../console/plan-text.js';
import { resultText } from '../console/result-text.js';
import { exitCode } from '../exit-code.js';
import { augmentOptions, type AugmentOptions } from '../options/augment-options.js';
import { decideSize } from '../options/decide-size.js';
import { assertBudgetUsed, assertExtractorNamed } from '../options/dependent-options.js';
import { modelFile } from '../run/checkpoint-files.js';
import { openRun } from '../run/open-run.js';
import { assertModelFits } from '../stages/assert-model-fits.js';
import { countRows } from '../stages/count-images.js';
import { showPlan } from '../stages/estimate-run.js';
import { fillClasses } from '../stages/fill-classes.js';
import { isRefusing, planTargets, type ClassPlan } from '../stages/plan-targets.js';
import { quarantineWarning } from '../stages/quarantine.js';
import { readInput } from '../stages/read-input.js';
import { trainModel } from '../stages/train-model.js';
import { writeOutput } from '../stages/write-output.js';

export const augment = defineCommand({
  name: 'augment',
  description: 'Fill up thin image classes: read, train, generate, score, filter, write, report.',
  options: augmentOptions,
  examples: [
    ['$0 --manifest labels.arrow --target-per-class 5000', 'Fill every class up to 5,000 images'],
    [
      '$0 --manifest labels.arrow --target bag=500 --budget 20m',
      'One class, 20 minutes of training',
    ],
    ['$0 --manifest labels.arrow --target majority --dry-run', 'Show the plan and its cost'],
  ],
  endsAtOnce: ({ dryRun }) => dryRun,
  run(given, context) {
    const options = decideSize(given);
    assertExtractorNamed(options, context);
    assertBudgetUsed(options, context);
    return options.dryRun ? showPlan(options, context) : fillUp(options, context);
  },
});

async function fillUp(options: Readonly<AugmentOptions>, context: CommandContext): Promise<number> {
  const { narrator } = context;
  const manifest = await readManifest(options.manifest, options);
  assertCarriedThrough(manifest);
  assertModelFits(options, manifest.classes, context);
  const outlook = planTargets(countRows(manifest), options);
  if (isMet(outlook)) {
    // Images that cannot be read do not count, and only reading tells.
    const input = await readInput(manifest, options, context);
    await input.close();
    const plan = planTargets(input.counts, options);
    if (isMet(plan)) return nothingToMake(plan, context);
  }

  const run = await openRun({ command: 'augment', options, manifest, context });
  const { folder, record, input, engine, extractor, model } = run;
  try {
    const plan = planTargets(input.counts, options);
    const warnings = [...quarantineWarning(input), ...plan.flatMap((one) => one.warnings)];
    if (record.status !== 'running') {
      narrator.say('This run is already complete; nothing was done again.');
      narrator.result(resultText(record, folder.path), record);
      return record.status === 'short' ? exitCode.short : exitCode.done;
    }
    if (isMet(plan)) return nothingToMake(plan, context);
    narrator.say(planText(plan));
    warnings.forEach((warning) => {
      narrator.warn(warning);
    });

    // Now, not in hours, when the package may be another; not before, because charts take a fifth of a second.
    const reporting = import('../report/write-report.js');
    reporting.catch(() => undefined);
    narrator.say(`Training on ${engine.name} (${engine.device}).`);
    const trained = await trainModel(run, options, context);
    const generator = await hashFile(modelFile(folder));

    const filled = await fillClasses({
      plan,
      input,
      checkpoint: trained.checkpoint,
      generator,
      selection: options,
      extractor,
      outputSize: model.outputSize,
      engine,
      folder,
      context,
    });
    filled.warnings.forEach((warning) => {
      narrator.warn(warning);
    });

    await writeOutput(input, filled, options.export, folder, context);
    const isShort = filled.results.some((one) => one.accepted < one.missing + one.refused);
    const finished = {
      ...record,
      status: isShort ? ('short' as const) : ('done' as const),
      finishedAt: new Date().toISOString(),
      training: trained.record,
      generator,
      classes: [...filled.results],
      warnings: [...warnings, ...trained.warnings, ...filled.warnings],
    };
    const { writeReport } = await reporting;
    await writeReport(folder.path, finished);
    await folder.save(finished);

    narrator.result(resultText(finished, folder.path), finished);
    return isShort ? exitCode.short : exitCode.done;
  } finally {
    await run.close();
  }
}

/** Whether every class has its target already, or is refused. */
function isMet(plan: readonly ClassPlan[]): boolean {
  return plan.every(({ missing }) => missing === 0);
}

/** Says so, and what is refused; nothing is written. */
function nothingToMake(plan: readonly ClassPlan[], { narrator }: CommandContext): number {
  narrator.say(planText(plan));
  for (const warning of plan.flatMap((one) => one.warnings)) narrator.warn(warning);
  const isShort = isRefusing(plan);
  const status = isShort ? 'short' : 'nothing-to-do';
  narrator.result(nothingText(plan), { status, classes: plan });
  return isShort ? exitCode.short : exitCode.done;
}
