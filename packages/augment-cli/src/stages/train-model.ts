import {
  EngineCrashedError,
  configureModel,
  knowsClasses,
  openSampler,
  readCheckpoint,
  resolveRecipe,
  train,
  writeCheckpoint,
  type Checkpoint,
  type StepReport,
  type TrainingOptions,
} from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import type { CommandContext } from '../command.js';
import { InterruptedError, RunError } from '../errors.js';
import type { Run } from '../run/open-run.js';
import type { RunFolder } from '../run/run-folder.js';
import type { RunRecord } from '../run/run-record.js';
import { openStatsLog, type StatsLog } from '../run/stats-log.js';
import { freeFolder } from './free-folder.js';
import { openQualityWatch } from './quality-watch.js';
import { writeSampleSheet } from './write-sample-sheet.js';

/** A checkpoint is written this often, so that a crash loses a minute at most. */
const CHECKPOINT_EVERY_MS = 60_000;
/** Steps between two lines of stats.jsonl. */
const LOG_EVERY_STEPS = 10;
/** Times that the images are looked at over the run. */
const LOOKS = 10;

export interface TrainedModel {
  /** The one of all checkpoints whose images were nearest to held-out ones. */
  readonly checkpoint: Checkpoint;
  /** What run.json says of it. */
  readonly record: NonNullable<RunRecord['training']>;
}

/** The checkpoint that a run generates with: the best one so far. */
export function modelFile(folder: Pick<RunFolder, 'file'>): string {
  return folder.file('checkpoints', 'model.safetensors');
}

/** The checkpoint that an interrupted run goes on from. */
function lastFile(folder: RunFolder): string {
  return folder.file('checkpoints', 'last.safetensors');
}

/**
 * Trains the model, from the run's last checkpoint where there is one, and keeps the best one.
 *
 * @throws InterruptedError on Ctrl-C, after a checkpoint
 * @throws RunError when the engine's thread ends by itself or runs out of memory
 */
export async function trainModel(
  { model, input, engine, folder }: Run,
  options: TrainingOptions,
  context: CommandContext,
): Promise<TrainedModel> {
  const { narrator, signal } = context;
  const file = lastFile(folder);
  const resume = existsSync(file) ? await readCheckpoint(file) : undefined;
  if (resume) narrator.say(`Resuming at step ${resume.step} of ${resume.totalSteps}.`);

  const training = await train({
    ...options,
    config: configureModel(options.model, {
      ...options,
      size: model.size,
      channels: model.channels,
      classes: model.classes.length,
    }),
    recipe: resolveRecipe(options),
    labels: model.classes,
    images: input.pixels,
    positions: input.split.train,
    engine,
    ...(resume && { resume }),
  });
  const stats = await openStatsLog(folder.file('stats.jsonl'), resume?.step ?? 0);
  const start = await training.checkpoint();
  const sampler = await openSampler(start, engine);
  const watch = await openQualityWatch(input, engine, knowsClasses(start.config));
  const sheets = folder.file(freeFolder(input.manifest, 'samples'));
  let best = bestOf(stats.earlier);
  const bar = narrator.progress('train', training.totalSteps, 'steps', resume?.step);
  const save = async () => writeCheckpoint(file, await training.checkpoint());

  /** Writes a sheet, measures, and keeps the checkpoint if it is the best one so far. */
  async function look(step: number): Promise<number | undefined> {
    const checkpoint = await training.checkpoint();
    await sampler.load(checkpoint);
    await writeSampleSheet(sheets, step, sampler, checkpoint.config);
    const kernelDistance = await watch?.measure(sampler);
    if (kernelDistance === undefined || kernelDistance < (best?.kernelDistance ?? Infinity)) {
      await writeCheckpoint(modelFile(folder), checkpoint);
      best = { step, kernelDistance: kernelDistance ?? null };
    }
    return kernelDistance;
  }

  let saved = performance.now();
  let last: StepReport | undefined;
  try {
    for await (const report of training) {
      last = report;
      const { step, totalSteps } = report;
      bar.setTotal(totalSteps);
      bar.update(step, noteOf(report));
      const kernelDistance = isLookStep(step, totalSteps) ? await look(step) : undefined;
      const isEnd = step === totalSteps || signal.aborted;
      if (step % LOG_EVERY_STEPS === 0 || isEnd || kernelDistance !== undefined) {
        const { values, ...rest } = report;
        await stats.append({ ...rest, ...values, kernelDistance });
      }
      if (signal.aborted) break;
      if (performance.now() - saved > CHECKPOINT_EVERY_MS) {
        await save();
        saved = performance.now();
      }
    }
    if (last) await save();
  } catch (error) {
    if (!(error instanceof EngineCrashedError)) throw error;
    const rest = existsSync(file) ? ' The last checkpoint is whole: the same command resumes.' : '';
    throw new RunError(`${error.message}${rest}`, { cause: error });
  } finally {
    bar.stop();
    await sampler.dispose();
    await watch?.dispose();
  }
  const step = last?.step ?? resume?.step ?? 0;
  const { totalSteps } = training;
  await training.dispose();
  if (step < totalSteps) {
    throw new InterruptedError(
      `Interrupted at step ${step} of ${Number.isFinite(totalSteps) ? totalSteps : 'a number not known yet'}; the checkpoint is saved and the same command resumes.`,
    );
  }
  const chosen = best ?? { step, kernelDistance: null };
  const how =
    chosen.kernelDistance === null
      ? 'the last one; too few held-out images to measure by'
      : `kernel distance ${chosen.kernelDistance.toFixed(4)} to held-out images, the smallest`;
  narrator.say(`Generating with the checkpoint of step ${chosen.step} of ${totalSteps} (${how}).`);
  return {
    checkpoint: await readCheckpoint(modelFile(folder)),
    record: { steps: step, totalSteps, seconds: stats.seconds(), chosen },
  };
}

type Chosen = TrainedModel['record']['chosen'];

/** The logged step of the smallest kernel distance. */
function bestOf(entries: StatsLog['earlier']): Chosen | undefined {
  let best: { step: number; kernelDistance: number } | undefined;
  for (const { step, kernelDistance } of entries) {
    if (kernelDistance === undefined || kernelDistance >= (best?.kernelDistance ?? Infinity))
      continue;
    best = { step, kernelDistance };
  }
  return best;
}

/** The last step, and others at even distances before it. */
function isLookStep(step: number, totalSteps: number): boolean {
  return (totalSteps - step) % Math.ceil(totalSteps / LOOKS) === 0;
}

function noteOf({ imagesPerSecond, values }: StepReport): string {
  const losses = Object.entries(values)
    .filter(([name]) => name.startsWith('loss'))
    .map(([name, value]) => `${name.slice('loss'.length)} ${value.toFixed(3)}`);
  return [`${imagesPerSecond.toFixed(0)} images/s`, ...losses].join(', ');
}
