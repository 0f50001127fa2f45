import {
  presetConfig,
  readCheckpoint,
  train,
  writeCheckpoint,
  type Checkpoint,
  type Engine,
  type StepReport,
  type TrainingOptions,
} from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import type { CommandContext } from '../command.js';
import { InterruptedError } from '../errors.js';
import type { RunFolder } from '../run/run-folder.js';
import { openStatsLog } from '../run/stats-log.js';
import { freeFolder } from './free-folder.js';
import type { Model } from './model-of.js';
import type { Input } from './read-input.js';
import { openSampleSheets } from './sample-sheets.js';

/** A checkpoint is written this often, so that a crash loses a minute at most. */
const CHECKPOINT_EVERY_MS = 60_000;
/** Steps between two lines of stats.jsonl. */
const LOG_EVERY_STEPS = 10;
/** Sheets of generated images over the run. */
const SAMPLE_SHEETS = 8;

export interface TrainedModel {
  readonly checkpoint: Checkpoint;
  /** Training time of this and of earlier, interrupted sessions. */
  readonly seconds: number;
}

/** The checkpoint of a run: replaced while training, final when its step is the last one. */
export function checkpointFile(folder: Pick<RunFolder, 'file'>): string {
  return folder.file('checkpoints', 'model.safetensors');
}

/**
 * Trains the model, from the run's checkpoint where there is one.
 *
 * @throws InterruptedError on Ctrl-C, after a checkpoint
 */
export async function trainModel(options: {
  readonly training: TrainingOptions;
  readonly model: Model;
  readonly input: Input;
  readonly engine: Engine;
  readonly folder: RunFolder;
  readonly context: CommandContext;
}): Promise<TrainedModel> {
  const { model, input, engine, folder, context } = options;
  const file = checkpointFile(folder);
  const resume = existsSync(file) ? await readCheckpoint(file) : undefined;
  if (resume) context.narrator.say(`Resuming at step ${resume.step} of ${resume.totalSteps}.`);

  const training = await train({
    ...options.training,
    config: presetConfig(
      options.training.preset,
      { size: model.size, channels: model.channels, classes: model.classes.length },
      options.training.latentDim,
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
    training.checkpoint(),
    engine,
  );
  const bar = context.narrator.progress('train', training.totalSteps, 'steps', resume?.step);
  const save = () => writeCheckpoint(file, training.checkpoint());

  let saved = performance.now();
  let last: StepReport | undefined;
  try {
    for await (const report of training) {
      last = report;
      const { step, totalSteps } = report;
      bar.setTotal(totalSteps);
      bar.update(step, noteOf(report));
      if (step % LOG_EVERY_STEPS === 0 || step === totalSteps) await stats.append(report);
      if (isSheetStep(step, totalSteps)) await sheets.write(training.checkpoint());
      if (context.signal.aborted) break;
      if (performance.now() - saved > CHECKPOINT_EVERY_MS) {
        await save();
        saved = performance.now();
      }
    }
  } finally {
    bar.stop();
    await sheets.dispose();
  }
  if (last) await save();
  const checkpoint = training.checkpoint();
  await training.dispose();
  if (checkpoint.step < checkpoint.totalSteps) {
    throw new InterruptedError(
      `Interrupted at step ${checkpoint.step} of ${checkpoint.totalSteps}; the checkpoint is saved and the same command resumes.`,
    );
  }
  return { checkpoint, seconds: last?.elapsedSeconds ?? 0 };
}

/** The last step, and others at even distances before it. */
function isSheetStep(step: number, totalSteps: number): boolean {
  return (totalSteps - step) % Math.ceil(totalSteps / SAMPLE_SHEETS) === 0;
}

function noteOf({ imagesPerSecond, lossD, lossG }: StepReport): string {
  return `${imagesPerSecond.toFixed(0)} images/s, D ${lossD.toFixed(3)}, G ${lossG.toFixed(3)}`;
}
