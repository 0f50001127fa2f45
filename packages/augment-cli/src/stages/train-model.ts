import {
  EngineCrashedError,
  presetConfig,
  readCheckpoint,
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
import { openStatsLog } from '../run/stats-log.js';
import { freeFolder } from './free-folder.js';
import { openSampleSheets } from './sample-sheets.js';

/** A checkpoint is written this often, so that a crash loses a minute at most. */
const CHECKPOINT_EVERY_MS = 60_000;
/** Steps between two lines of stats.jsonl. */
const LOG_EVERY_STEPS = 10;
/** Sheets of generated images over the run. */
const SAMPLE_SHEETS = 8;

export interface TrainedModel {
  readonly checkpoint: Checkpoint;
  /** What run.json says of it. */
  readonly record: NonNullable<RunRecord['training']>;
}

/** The checkpoint of a run: replaced while training, final when its step is the last one. */
export function checkpointFile(folder: Pick<RunFolder, 'file'>): string {
  return folder.file('checkpoints', 'model.safetensors');
}

/**
 * Trains the model, from the run's checkpoint where there is one.
 *
 * @throws InterruptedError on Ctrl-C, after a checkpoint
 * @throws RunError when the engine's thread ends by itself or runs out of memory
 */
export async function trainModel(
  { model, input, engine, folder }: Run,
  options: TrainingOptions,
  context: CommandContext,
): Promise<TrainedModel> {
  const file = checkpointFile(folder);
  const resume = existsSync(file) ? await readCheckpoint(file) : undefined;
  if (resume) context.narrator.say(`Resuming at step ${resume.step} of ${resume.totalSteps}.`);

  const training = await train({
    ...options,
    config: presetConfig(
      options.preset,
      { size: model.size, channels: model.channels, classes: model.classes.length },
      options.latentDim,
    ),
    labels: model.classes,
    images: input.pixels,
    positions: input.split.train,
    engine,
    ...(resume && { resume }),
  });
  const stats = await openStatsLog(folder.file('stats.jsonl'), resume?.step ?? 0);
  const sheets = await openSampleSheets(
    folder.file(freeFolder(input.manifest, 'samples')),
    await training.checkpoint(),
    engine,
  );
  const bar = context.narrator.progress('train', training.totalSteps, 'steps', resume?.step);
  const save = async () => writeCheckpoint(file, await training.checkpoint());

  let saved = performance.now();
  let last: StepReport | undefined;
  try {
    for await (const report of training) {
      last = report;
      const { step, totalSteps } = report;
      bar.setTotal(totalSteps);
      bar.update(step, noteOf(report));
      const isEnd = step === totalSteps || context.signal.aborted;
      if (step % LOG_EVERY_STEPS === 0 || isEnd) await stats.append(report);
      if (isSheetStep(step, totalSteps)) await sheets.write(await training.checkpoint());
      if (context.signal.aborted) break;
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
    await sheets.dispose();
  }
  const checkpoint = await training.checkpoint();
  await training.dispose();
  const { step, totalSteps } = checkpoint;
  if (step < totalSteps) {
    throw new InterruptedError(
      `Interrupted at step ${step} of ${Number.isFinite(totalSteps) ? totalSteps : 'a number not known yet'}; the checkpoint is saved and the same command resumes.`,
    );
  }
  return { checkpoint, record: { steps: step, totalSteps, seconds: stats.seconds() } };
}

/** The last step, and others at even distances before it. */
function isSheetStep(step: number, totalSteps: number): boolean {
  return (totalSteps - step) % Math.ceil(totalSteps / SAMPLE_SHEETS) === 0;
}

function noteOf({ imagesPerSecond, lossD, lossG }: StepReport): string {
  return `${imagesPerSecond.toFixed(0)} images/s, D ${lossD.toFixed(3)}, G ${lossG.toFixed(3)}`;
}
