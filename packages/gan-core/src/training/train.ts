import { NonFiniteError } from '@evenset/tfjs-onnx';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { restoreState, snapshotState } from '../checkpoint/model-snapshot.js';
import type { Engine } from '../engines/engine.js';
import type { GanConfig } from '../networks/presets.js';
import { parseBudget, stepsOf } from './budget.js';
import { classBalance } from './class-balance.js';
import { drawBatch, type BatchSource, type TrainingImages } from './draw-batch.js';
import { createModelState, disposeState, variablesOf } from './model-state.js';
import type { TrainingOptions } from './training-options.js';
import { stepOutputs, trainingStep } from './training-step.js';

/** Training went wrong in a way that more steps do not mend. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

/** What one step came to. */
export interface StepReport {
  readonly step: number;
  readonly totalSteps: number;
  /** Real images shown so far. */
  readonly images: number;
  readonly lossD: number;
  readonly lossG: number;
  /** Mean logit of the real images of the batch. */
  readonly logitReal: number;
  readonly logitFake: number;
  readonly imagesPerSecond: number;
  /** Of this session, compilation left out. */
  readonly elapsedSeconds: number;
}

/** A run of training: iterate to train, stop iterating to stop. */
export interface Training extends AsyncIterable<StepReport> {
  /** Steps in all; provisional until a time budget has timed its first steps. */
  readonly totalSteps: number;
  /** The state between two steps. */
  checkpoint(): Promise<Checkpoint>;
  /** Frees the model's variables and the compiled step. */
  dispose(): Promise<void>;
}

/** Steps that a time budget is converted by: the first ones warm up, the others are timed. */
const WARM_UP_STEPS = 3;
const TIMED_STEPS = 12;

/**
 * Prepares a training run.
 *
 * @param options.positions the train images, as `images` knows them
 * @param options.labels the classes' names, saved with the checkpoint
 * @param options.resume a checkpoint of the same run to go on from; its seed, config and total steps hold
 * @throws TrainingError while iterating when a loss is not finite any more
 */
export async function train(
  options: Pick<
    TrainingOptions,
    'budget' | 'seed' | 'batchSize' | 'learningRateD' | 'learningRateG' | 'diffAugment'
  > & {
    readonly config: GanConfig;
    readonly labels: readonly string[];
    readonly images: TrainingImages;
    readonly positions: Int32Array;
    readonly engine: Engine;
    readonly resume?: Checkpoint;
  },
): Promise<Training> {
  const { engine, resume, batchSize, images, labels } = options;
  const config = resume?.config ?? options.config;
  const seed = resume?.seed ?? options.seed;
  await engine.activate();
  const state = createModelState(config, seed);
  const policy = {
    geometry: options.diffAugment !== 'none',
    colour: options.diffAugment === 'auto' && config.channels === 3,
  };
  const { step, inputs, augment } = trainingStep(config, state, batchSize, policy);
  const compiled = await engine.compile(step, {
    inputs,
    variables: variablesOf(state),
    transfer: true,
  });
  if (resume) await restoreState(engine, state, resume);

  const source: BatchSource = {
    ...options,
    config,
    seed,
    balance: classBalance(images.labels, options.positions, config.classes),
    augment,
  };
  const budget = parseBudget(options.budget);
  let done = resume?.step ?? 0;
  let totalSteps =
    resume?.totalSteps ?? stepsOf(budget, batchSize, options.positions.length) ?? Infinity;

  async function* iterate(): AsyncGenerator<StepReport> {
    const first = done;
    let start = performance.now();
    let timedFrom = start;
    const draw = (step: number) => {
      const batch = drawBatch(source, step);
      // A failure is thrown when the batch is awaited, not while another step runs.
      batch.catch(() => undefined);
      return batch;
    };
    let next: Promise<Float32Array[]> | undefined;
    while (done < totalSteps) {
      const current = done + 1;
      const batch = await (next ?? draw(current));
      // Drawn while the step runs.
      next = current < totalSteps ? draw(current + 1) : undefined;
      const outputs = await compiled.run(...batch).catch((error: unknown) => {
        throw error instanceof NonFiniteError
          ? divergence(current, `${stepOutputs[error.output]} ${error.value}`)
          : error;
      });
      done = current;

      const now = performance.now();
      const ran = done - first;
      if (ran === WARM_UP_STEPS) timedFrom = now;
      if (budget.kind === 'time') {
        const spent = (now - start) / 1000;
        if (!Number.isFinite(totalSteps) && ran === WARM_UP_STEPS + TIMED_STEPS) {
          const perStep = (now - timedFrom) / 1000 / TIMED_STEPS;
          totalSteps = done + Math.max(0, Math.floor((budget.seconds - spent) / perStep));
        }
        // A machine that has become slower must not make ten minutes an hour.
        if (spent >= budget.seconds) totalSteps = done;
      }
      const [lossD = NaN, lossG = NaN, logitReal = NaN, logitFake = NaN] = stepOutputs.map(
        (_, i) => outputs[i]?.[0] ?? NaN,
      );
      if (!Number.isFinite(lossD + lossG)) {
        throw divergence(done, `D ${lossD}, G ${lossG}`);
      }
      const elapsedSeconds = (now - start) / 1000;
      yield {
        step: done,
        totalSteps,
        images: done * batchSize,
        lossD,
        lossG,
        logitReal,
        logitFake,
        imagesPerSecond: (ran * batchSize) / elapsedSeconds,
        elapsedSeconds,
      };
      // What the consumer did meanwhile (a checkpoint, a sheet) is not training time.
      start += performance.now() - now;
    }
  }

  return {
    [Symbol.asyncIterator]: iterate,
    get totalSteps() {
      return totalSteps;
    },
    checkpoint: async () => ({
      config,
      labels,
      classShares: source.balance.shares,
      seed,
      step: done,
      totalSteps,
      tensors: await snapshotState(engine, state),
    }),
    async dispose() {
      await compiled.dispose();
      disposeState(state);
    },
  };
}

function divergence(step: number, what: string): TrainingError {
  return new TrainingError(
    `The losses are not finite at step ${step} (${what}); lower --learning-rate-d and --learning-rate-g or change --seed.`,
  );
}
