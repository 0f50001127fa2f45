import {
  copyCount,
  readCheckpoint,
  TrainingError,
  writeCheckpoint,
  type Checkpoint,
  type StepReport,
  type Training,
} from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import type { CheckpointFiles } from '../run/checkpoint-files.js';
import type { StatsEntry, StatsLog } from '../run/stats-log.js';
import { faultText, MAX_ROLLBACKS } from './fault-text.js';
import { judgeLooks } from './judge-looks.js';
import { bestLook, pastLooks } from './past-looks.js';
import type { Look } from './quality-watch.js';

/** A checkpoint is written this often, so that a crash loses a minute at most. */
const CHECKPOINT_EVERY_MS = 60_000;
/** Steps between two lines of stats.jsonl. */
const LOG_EVERY_STEPS = 10;
/** Times that the images are looked at over the run, and the steps between at least: before, little has changed. */
const LOOKS = 10;
const STEPS_BETWEEN = 30;

/**
 * Trains to the end: looks at the images ten times, keeps the best checkpoint, and when training fails, goes back to the
 * last good look at half the learning rates.
 *
 * @param options.look measures the images of a checkpoint; a TrainingError says that there are none to measure
 * @param options.signal stops after the step at hand, with a checkpoint
 * @throws TrainingError when it fails again after three rollbacks
 */
export async function superviseTraining(options: {
  readonly training: Training;
  readonly look: (checkpoint: Checkpoint) => Promise<Look>;
  readonly stats: StatsLog;
  readonly files: CheckpointFiles;
  readonly signal: AbortSignal;
  readonly onStep: (report: StepReport) => void;
  /** Told in a sentence when training failed, and what was done. */
  readonly onFault: (line: string) => void;
}): Promise<void> {
  const { training, stats, files, signal } = options;
  let saved = performance.now();
  let last: StepReport | undefined;

  async function save(file: string): Promise<void> {
    await writeCheckpoint(file, await training.checkpoint());
    saved = performance.now();
  }

  async function log(line: Omit<StatsEntry, 'rollbacks' | 'elapsedSeconds'>): Promise<void> {
    const { rollbacks } = training;
    await stats.append({ ...line, rollbacks, elapsedSeconds: last?.elapsedSeconds ?? 0 });
  }

  async function trainOn(): Promise<void> {
    for await (const report of training) {
      last = report;
      options.onStep(report);
      const { step, totalSteps } = report;
      const isEnd = step === totalSteps || signal.aborted;
      if (isLookStep(step, totalSteps)) await lookAt(report);
      else if (step % LOG_EVERY_STEPS === 0 || isEnd) await log(lineOf(report));
      if (isEnd || performance.now() - saved > CHECKPOINT_EVERY_MS) await save(files.last);
      if (signal.aborted) return;
    }
  }

  /** Looks at the images, logs what it sees, and keeps the checkpoint if it is the best one or good to go back to. */
  async function lookAt(report: StepReport): Promise<void> {
    const checkpoint = await training.checkpoint();
    const look = await options.look(checkpoint);
    const { step, totalSteps } = report;
    const before = pastLooks(stats.entries);
    const copies = copyCount(checkpoint.config);
    const verdict = judgeLooks(
      [...before, { ...look, step }].map((one) => ({
        ...one,
        // Of each copy.
        step: Math.floor(one.step / copies),
        progress: one.step / totalSteps,
      })),
    );
    const best = bestLook(before);
    const isBetter = (look.kernelDistance ?? -Infinity) < (best?.kernelDistance ?? Infinity);
    if (!best || (isBetter && verdict.kind !== 'failed')) {
      await writeCheckpoint(files.model, checkpoint);
    }
    await log({ ...lineOf(report), ...look });
    if (verdict.kind === 'failed') throw new TrainingError(step, verdict.reason);
    if (verdict.kind === 'good') await writeCheckpoint(files.good, checkpoint);
  }

  /** Goes back to the last good look; at the end of the run a checkpoint that was kept will do. */
  async function goBack({ step, reason }: TrainingError): Promise<void> {
    const good = await readCheckpoint(files.good);
    const fault = { step, reason, goodStep: good.step };
    await log({ step, fault: reason, goodStep: good.step });
    if (training.step === training.totalSteps && existsSync(files.model)) {
      await save(files.last);
      options.onFault(faultText(fault, undefined));
      return;
    }
    if (training.rollbacks === MAX_ROLLBACKS) throw new TrainingError(step, reason, remedy(files));
    await training.rollBack(good);
    await save(files.last);
    options.onFault(faultText(fault, training.rollbacks));
  }

  if (!existsSync(files.good)) await save(files.good);
  for (let isDone = false; !isDone;) {
    isDone = await trainOn().then(
      () => true,
      async (error: unknown) => {
        if (!(error instanceof TrainingError)) throw error;
        await goBack(error);
        return training.step === training.totalSteps;
      },
    );
  }
}

/** A report as a line of stats.jsonl has it. */
function lineOf({ values, ...report }: StepReport) {
  return { ...report, ...values };
}

function remedy({ model }: CheckpointFiles): string {
  const kept = existsSync(model)
    ? ` The best checkpoint so far is kept: augment sample --checkpoint ${model}`
    : '';
  return `It went back ${MAX_ROLLBACKS} times, each time to half the learning rates, and failed again: try smaller --learning-rate-d and --learning-rate-g, another --seed or more images.${kept}`;
}

/** The last step, and others at even distances before it. */
function isLookStep(step: number, totalSteps: number): boolean {
  return (totalSteps - step) % Math.max(STEPS_BETWEEN, Math.ceil(totalSteps / LOOKS)) === 0;
}
