import { NonFiniteError } from '@evenset/tfjs-onnx';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Engine } from '../engines/engine.js';
import type { ModelConfig } from '../models/model-config.js';
import { parseBudget, stepsOf } from './budget.js';
import { classBalance, turnOf } from './class-balance.js';
import { drawBatch, type BatchSource, type TrainingImages } from './draw-batch.js';
import { openLearner } from './open-learner.js';
import type { Recipe } from './recipe.js';

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
  /** The step's outputs by name: losses, and means of the batch's logits. */
  readonly values: Readonly<Record<string, number>>;
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
 * @param options.resume a checkpoint of the same run to go on from; its seed, config, recipe and total steps hold
 * @throws TrainingError while iterating when a loss is not finite any more
 */
export async function train(options: {
  readonly config: ModelConfig;
  readonly recipe: Recipe;
  readonly budget: string;
  readonly seed: number;
  readonly labels: readonly string[];
  readonly images: TrainingImages;
  readonly positions: Int32Array;
  readonly engine: Engine;
  readonly resume?: Checkpoint;
}): Promise<Training> {
  const { engine, resume, images, labels } = options;
  const { config, recipe, seed } = resume ?? options;
  const { batchSize } = recipe;
  const learner = await openLearner({ engine, config, recipe, seed, resume });
  const { inputs, outputs } = learner;
  const balance = classBalance(images.labels, options.positions, config.classes);
  const source: BatchSource = { images, seed, batchSize };
  const turnAt = (step: number) => turnOf(step, balance, config.perClass);
  const budget = parseBudget(options.budget);
  let done = resume?.step ?? 0;
  let totalSteps =
    resume?.totalSteps ?? stepsOf(budget, batchSize, options.positions.length) ?? Infinity;

  async function* iterate(): AsyncGenerator<StepReport> {
    const first = done;
    let start = performance.now();
    let timedFrom = start;
    const draw = (step: number) => {
      const batch = drawBatch(source, turnAt(step), step, totalSteps).then((drawn) =>
        inputs.map((input) => input.draw(drawn)),
      );
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
      const results = await learner.run(turnAt(current).copy, batch).catch((error: unknown) => {
        throw error instanceof NonFiniteError
          ? divergence(current, outputs[error.output] ?? '', error.value)
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
      const values = Object.fromEntries(outputs.map((name, i) => [name, results[i]?.[0] ?? NaN]));
      for (const [name, value] of Object.entries(values)) {
        if (!Number.isFinite(value)) throw divergence(done, name, value);
      }
      const elapsedSeconds = (now - start) / 1000;
      yield {
        step: done,
        totalSteps,
        images: done * batchSize,
        values,
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
      recipe,
      labels,
      classShares: balance.shares,
      seed,
      step: done,
      totalSteps,
      tensors: await learner.tensors(),
    }),
    dispose: () => learner.dispose(),
  };
}

function divergence(step: number, output: string, value: number): TrainingError {
  return new TrainingError(
    `Training is not finite at step ${step} (${output} ${value}); lower --learning-rate-d and --learning-rate-g or change --seed.`,
  );
}
