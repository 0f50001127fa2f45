import {
  copyCount,
  EngineCrashedError,
  openSampler,
  readCheckpoint,
  resolveRecipe,
  train,
  type Checkpoint,
  type StepReport,
} from '@evenset/gan-core';
import { removeTemporaryFiles } from '@evenset/dataset-io';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CommandContext } from '../command.js';
import { smallBudgetWarning } from '../console/budget-text.js';
import { openBudgetTeller } from '../console/tell-budget.js';
import { InterruptedError, RunError } from '../errors.js';
import type { TrainOptions } from '../options/augment-options.js';
import { checkpointFiles, newestCheckpoint } from '../run/checkpoint-files.js';
import type { Run } from '../run/open-run.js';
import type { RunRecord } from '../run/run-record.js';
import { openStatsLog } from '../run/stats-log.js';
import { logEvents } from '../tensorboard/log-events.js';
import { openEventLog } from '../tensorboard/open-event-log.js';
import { freeFolder } from './free-folder.js';
import { uniformClasses } from './judge-looks.js';
import { configOf } from './model-of.js';
import { faultWarnings, pastFaults } from './past-faults.js';
import { bestLook, pastLooks, type PastLook } from './past-looks.js';
import { openQualityWatch } from './quality-watch.js';
import { saveQuarantine } from './quarantine.js';
import { superviseTraining } from './supervise-training.js';
import { writeSampleSheet } from './write-sample-sheet.js';

export interface TrainedModel {
  /** The one of all checkpoints whose images were nearest to held-out ones. */
  readonly checkpoint: Checkpoint;
  /** What run.json says of it. */
  readonly record: NonNullable<RunRecord['training']>;
  /** What was seen of the images during training. */
  readonly looks: readonly PastLook[];
  readonly warnings: readonly string[];
}

/**
 * Records a run that is new, trains its model, from the newest checkpoint where there is one, and keeps the best one.
 *
 * @throws InterruptedError on Ctrl-C, after a checkpoint
 * @throws TrainingError when training fails again and again
 * @throws RunError when the engine's thread ends by itself or runs out of memory
 */
export async function trainModel(
  { model, input, engine, extractor, folder, init, record }: Run,
  options: Readonly<TrainOptions>,
  { narrator, signal }: CommandContext,
): Promise<TrainedModel> {
  if (!folder.previous) await folder.save(record);
  await saveQuarantine(input, folder);
  const files = checkpointFiles(folder);
  await removeTemporaryFiles(dirname(files.last));
  const resume = await newestCheckpoint(files);
  const {
    step = 0,
    totalSteps = Infinity,
    rollbacks = 0,
    recipe = resolveRecipe(options),
  } = resume ?? {};
  if (resume) narrator.say(`Resuming at step ${step} of ${stepsText(totalSteps)}.`);
  const log = await openStatsLog(folder.file('stats.jsonl'), { step, rollbacks });
  const events =
    options.tensorboard === undefined
      ? undefined
      : await openEventLog(join(options.tensorboard, basename(folder.path)), step);
  const stats = events ? logEvents(log, events) : log;
  const warn = (line: string) => {
    narrator.warn(line);
  };
  const closers: (() => Promise<void>)[] = events ? [() => events.close()] : [];
  const config = configOf(options, model);
  const copies = copyCount(config);

  try {
    const training = await train({
      ...options,
      config,
      recipe,
      labels: model.classes,
      images: input.pixels,
      positions: input.split.train,
      engine,
      init,
      resume,
    });
    closers.push(() => training.dispose());
    // The last one may be of a moment when the generator was not finite.
    const first = existsSync(files.good)
      ? await readCheckpoint(files.good)
      : await training.checkpoint();
    const sampler = await openSampler(first, engine);
    closers.push(() => sampler.dispose());
    const watch = await openQualityWatch(input, engine, first, extractor);
    closers.push(() => watch.dispose());
    const sheets = folder.file(freeFolder(input.manifest, 'samples'));
    const bar = narrator.progress('train', training.totalSteps, 'steps', step);
    closers.push(() => {
      bar.stop();
      return Promise.resolve();
    });
    const tellBudget = openBudgetTeller({
      budget: options.budget,
      from: step,
      batchSize: recipe.batchSize,
      copies,
      trainImages: input.split.train.length,
      say: (line) => {
        narrator.say(line);
      },
      warn,
    });

    await superviseTraining({
      training,
      stats,
      files,
      signal,
      async look(checkpoint) {
        await sampler.load(checkpoint);
        const sheet = await writeSampleSheet(sheets, checkpoint.step, sampler, checkpoint.config);
        await events?.image(checkpoint.step, 'samples', sheet);
        return watch.look(checkpoint, sampler);
      },
      onStep(report) {
        tellBudget(report);
        bar.setTotal(report.totalSteps);
        bar.update(report.step, noteOf(report));
      },
      onFault: warn,
    });
    if (training.step < training.totalSteps) {
      throw new InterruptedError(
        `Interrupted at step ${training.step} of ${stepsText(training.totalSteps)}; the checkpoint is saved and the same command resumes.`,
      );
    }
    const steps = training.totalSteps;
    const looks = pastLooks(stats.entries);
    const best = bestLook(looks);
    const uniform = uniformClasses(best ?? { diversity: {} }).map(
      ([label, share]) =>
        `${label}: the generated images differ only ${(100 * share).toFixed(0)} % as much as the real ones; a longer --budget or more images may help.`,
    );
    uniform.forEach(warn);
    const tooSmall = smallBudgetWarning(options.budget, {
      steps,
      batchSize: recipe.batchSize,
      copies,
    });
    const checkpoint = await readCheckpoint(files.model);
    const kernelDistance = best?.kernelDistance ?? null;
    const how =
      kernelDistance === null
        ? 'the last one; too few held-out images to measure by'
        : `kernel distance ${kernelDistance.toFixed(4)} to held-out images, the smallest`;
    narrator.say(`Generating with the checkpoint of step ${checkpoint.step} of ${steps} (${how}).`);
    return {
      checkpoint,
      record: {
        steps,
        totalSteps: steps,
        seconds: stats.seconds(),
        chosen: { step: checkpoint.step, kernelDistance },
        faults: pastFaults(stats.entries),
      },
      looks,
      // Those that an earlier session told included.
      warnings: [
        ...(tooSmall === undefined ? [] : [tooSmall]),
        ...faultWarnings(stats.entries, training.rollbacks),
        ...uniform,
      ],
    };
  } catch (error) {
    if (!(error instanceof EngineCrashedError)) throw error;
    throw new RunError(
      `${error.message}${adviceOn(error, recipe.batchSize, existsSync(files.good))}`,
      { cause: error },
    );
  } finally {
    // Nothing can be closed after a crash, and what went wrong first is what is told.
    for (const close of closers.reverse()) await close().catch(() => undefined);
  }
}

/** What to do when the engine's thread has ended. */
function adviceOn(
  { isOutOfMemory }: EngineCrashedError,
  batchSize: number,
  isResumable: boolean,
): string {
  if (!isOutOfMemory) {
    return isResumable ? ' The last checkpoint is whole: the same command resumes.' : '';
  }
  const half = Math.floor(batchSize / 2);
  return half < 2
    ? ` This one is of ${batchSize} images already: take a smaller --size or --preset.`
    : ` This one is of ${batchSize} images: --batch-size ${half} may fit, in another output folder (--out).`;
}

function stepsText(totalSteps: number): string {
  return Number.isFinite(totalSteps) ? String(totalSteps) : 'a number not known yet';
}

function noteOf({ imagesPerSecond, values }: StepReport): string {
  const losses = Object.entries(values)
    .filter(([name]) => name.startsWith('loss'))
    .map(([name, value]) => `${name.slice('loss'.length)} ${value.toFixed(3)}`);
  return [`${imagesPerSecond.toFixed(0)} images/s`, ...losses].join(', ');
}
