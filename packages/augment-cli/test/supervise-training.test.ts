import type { Checkpoint, StepReport, Training } from '@evenset/gan-core';
import { readCheckpoint, resolveRecipe, TrainingError, trainingOptions } from '@evenset/gan-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newestCheckpoint, type CheckpointFiles } from '../src/run/checkpoint-files.js';
import { openStatsLog, type StatsLog } from '../src/run/stats-log.js';
import { faultWarnings } from '../src/stages/past-faults.js';
import { bestLook, pastLooks } from '../src/stages/past-looks.js';
import type { Look } from '../src/stages/quality-watch.js';
import { superviseTraining } from '../src/stages/supervise-training.js';

/** Ten looks, the last eight of which are judged. */
const TOTAL = 1000;
let folder: string;
let files: CheckpointFiles;
let stats: StatsLog;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenset-supervise-'));
  const [last, good, model] = ['last', 'good', 'model'].map((name) => join(folder, name));
  files = { last: last ?? '', good: good ?? '', model: model ?? '' };
  stats = await openStatsLog(join(folder, 'stats.jsonl'), { step: 0, rollbacks: 0 });
  told = [];
});
afterEach(() => rm(folder, { recursive: true }));

/** A run without a model; it throws at the steps that `failing` picks. */
function fakeTraining(
  failing: (step: number, rollbacks: number) => boolean = () => false,
  from = { step: 0, rollbacks: 0 },
): Training {
  let { step, rollbacks } = from;
  const report = (): StepReport => ({
    step,
    totalSteps: TOTAL,
    images: step,
    values: { lossD: 1 },
    imagesPerSecond: 1,
    elapsedSeconds: step,
    secondsLeft: TOTAL - step,
  });
  return {
    totalSteps: TOTAL,
    get step() {
      return step;
    },
    get rollbacks() {
      return rollbacks;
    },
    async *[Symbol.asyncIterator]() {
      while (step < TOTAL) {
        await Promise.resolve();
        if (failing(step + 1, rollbacks)) throw new TrainingError(step + 1, 'lossG is NaN');
        step++;
        yield report();
      }
    },
    checkpoint: () => Promise.resolve(checkpointAt(step, rollbacks)),
    rollBack(checkpoint) {
      ({ step } = checkpoint);
      rollbacks++;
      return Promise.resolve();
    },
    dispose: () => Promise.resolve(),
  };
}

function checkpointAt(step: number, rollbacks: number): Checkpoint {
  return {
    config: {
      model: 'cdcgan',
      size: 16,
      channels: 1,
      classes: 1,
      latentDim: 4,
      embeddingDim: 4,
      perClass: false,
      generatorWidths: [4],
      discriminatorWidths: [4],
    },
    recipe: resolveRecipe(trainingOptions.parse({})),
    labels: ['bag'],
    classShares: [1],
    seed: 0,
    step,
    rollbacks,
    totalSteps: TOTAL,
    tensors: new Map(),
  };
}

const healthy: Look = { kernelDistance: 1, diversity: { bag: 0.8 } };

/** Supervises a run whose looks are told by step and rollbacks. */
async function supervise(
  training: Training,
  lookOf: (step: number, rollbacks: number) => Partial<Look> = () => ({}),
  signal = new AbortController().signal,
): Promise<void> {
  await superviseTraining({
    training,
    files,
    stats,
    signal,
    look: ({ step, rollbacks }) => Promise.resolve({ ...healthy, ...lookOf(step, rollbacks) }),
    onStep: () => undefined,
    onFault: (line) => told.push(line),
  });
}
const faults = () =>
  stats.entries.flatMap(({ step, fault, goodStep }) => (fault ? [[step, goodStep]] : []));

describe('superviseTraining', () => {
  it('looks ten times and keeps the best checkpoint and the last', async () => {
    await supervise(fakeTraining(), (step) => ({ kernelDistance: step === 700 ? 0.5 : 1 }));
    expect(pastLooks(stats.entries).map(({ step }) => step)).toEqual([
      100, 200, 300, 400, 500, 600, 700, 800, 900, 1000,
    ]);
    expect((await readCheckpoint(files.model)).step).toBe(700);
    expect(bestLook(pastLooks(stats.entries))?.step).toBe(700);
    expect((await readCheckpoint(files.last)).step).toBe(1000);
    expect((await readCheckpoint(files.good)).step).toBe(1000);
    expect(told).toEqual([]);
  });

  it('goes back to the last good look when a class collapses, and on to the end', async () => {
    const training = fakeTraining();
    await supervise(training, (step, rollbacks) =>
      step === 600 && rollbacks === 0 ? { diversity: { bag: 0.1 }, kernelDistance: 0.1 } : {},
    );
    expect(training).toMatchObject({ step: 1000, rollbacks: 1 });
    expect(faults()).toEqual([[600, 500]]);
    expect(told).toEqual([
      'At step 600, the class bag collapsed: its generated images differ 10 % as much as its real ones; back to step 500 at half the learning rates (1 of 3).',
    ]);
    // The collapsed one is not the best, near as it was.
    expect((await readCheckpoint(files.model)).step).toBe(100);
    expect(pastLooks(stats.entries)).toHaveLength(10);
    expect(await readCheckpoint(files.last)).toMatchObject({ step: 1000, rollbacks: 1 });
  });

  it('goes back behind the first of two looks that diverge', async () => {
    await supervise(fakeTraining(), (step, rollbacks) =>
      rollbacks === 0 && step >= 700 ? { kernelDistance: 90 } : {},
    );
    expect(faults()).toEqual([[800, 600]]);
  });

  it('goes back when the images cannot be made at a look', async () => {
    const training = fakeTraining();
    await supervise(training, (step, rollbacks) => {
      if (step !== 600 || rollbacks > 0) return {};
      throw new TrainingError(step, 'the generator is not finite');
    });
    expect(training).toMatchObject({ step: 1000, rollbacks: 1 });
    expect(faults()).toEqual([[600, 500]]);
    expect((await readCheckpoint(files.good)).step).toBe(1000);
  });

  it('goes back from the last step too where no checkpoint was kept', async () => {
    const training = fakeTraining(undefined, { step: 950, rollbacks: 0 });
    await supervise(training, (step, rollbacks) => {
      if (rollbacks > 0) return {};
      throw new TrainingError(step, 'the generator is not finite');
    });
    expect(training).toMatchObject({ step: 1000, rollbacks: 1 });
    expect(faults()).toEqual([[1000, 950]]);
    expect(await readCheckpoint(files.model)).toMatchObject({ step: 1000, rollbacks: 1 });
  });

  it('starts again from the first weights where it fails before the first look', async () => {
    await supervise(fakeTraining((step, rollbacks) => step === 40 && rollbacks < 2));
    expect(faults()).toEqual([
      [40, 0],
      [40, 0],
    ]);
    expect(await readCheckpoint(files.last)).toMatchObject({ step: 1000, rollbacks: 2 });
  });

  it('gives up after three times, says what to try, and keeps what was good', async () => {
    const training = fakeTraining((step) => step === 450);
    await expect(supervise(training)).rejects.toThrow(
      /^Training failed at step 450: lossG is NaN\. It went back 3 times.*--learning-rate-d.*augment sample --checkpoint .*model/,
    );
    expect(faults()).toHaveLength(4);
    expect((await readCheckpoint(files.model)).step).toBe(100);
    expect(await readCheckpoint(files.last)).toMatchObject({ step: 400, rollbacks: 3 });
  });

  it('undoes nothing when the last look fails, but does not choose it', async () => {
    const training = fakeTraining();
    await supervise(training, (step) =>
      step === 1000 ? { diversity: { bag: 0.1 }, kernelDistance: 0 } : {},
    );
    expect(training).toMatchObject({ step: 1000, rollbacks: 0 });
    expect(told).toEqual([expect.stringMatching(/^At the last step, the class bag collapsed/)]);
    expect(faultWarnings(stats.entries, training.rollbacks)).toEqual(told);
    expect((await readCheckpoint(files.model)).step).toBe(100);
    expect((await readCheckpoint(files.last)).step).toBe(1000);
  });

  it('stops after the step at hand when it is asked to, with a checkpoint', async () => {
    const stop = new AbortController();
    const training = fakeTraining((step) => {
      if (step === 340) stop.abort();
      return false;
    });
    await supervise(training, undefined, stop.signal);
    expect(training.step).toBe(340);
    expect((await readCheckpoint(files.last)).step).toBe(340);
  });

  it('goes on from its files and its log to the same end after a crash at any step', async () => {
    const lookOf = (step: number, rollbacks: number) => ({
      kernelDistance: 1 + (((step / 100) * 7 + rollbacks) % 10),
      ...(step === 600 && rollbacks === 0 && { diversity: { bag: 0.1 } }),
    });
    await supervise(fakeTraining(), lookOf);
    const whole = {
      told,
      looks: pastLooks(stats.entries),
      faults: faults(),
      model: await readCheckpoint(files.model),
    };
    const crashes = [
      [50, 0],
      [250, 0],
      [590, 0],
      [510, 1],
      [590, 1],
      [770, 1],
    ] as const;
    for (const [crash, after] of crashes) {
      await rm(folder, { recursive: true });
      stats = await openStatsLog(join(folder, 'stats.jsonl'), { step: 0, rollbacks: 0 });
      told = [];
      let isCrashed = false;
      const dying = fakeTraining((step, rollbacks) => {
        if (step !== crash || rollbacks !== after || isCrashed) return false;
        isCrashed = true;
        throw new Error('killed');
      });
      await expect(supervise(dying, lookOf)).rejects.toThrow('killed');
      const from = await newestCheckpoint(files);
      if (!from) throw new Error('no checkpoint');
      stats = await openStatsLog(join(folder, 'stats.jsonl'), from);
      const resumed = fakeTraining(undefined, from);
      await supervise(resumed, lookOf);
      expect(faults()).toEqual(whole.faults);
      expect(faultWarnings(stats.entries, resumed.rollbacks)).toEqual(whole.told);
      expect(
        pastLooks(stats.entries).map(({ step, kernelDistance }) => [step, kernelDistance]),
      ).toEqual(whole.looks.map(({ step, kernelDistance }) => [step, kernelDistance]));
      expect((await readCheckpoint(files.model)).step).toBe(whole.model.step);
    }
  });
});
