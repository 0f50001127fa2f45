import { NonFiniteError } from '@evenset/tfjs-onnx';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { transferTensors } from '../checkpoint/transfer-tensors.js';
import type { Engine } from '../engines/engine.js';
import type { ModelConfig } from '../models/model-config.js';
import { parseBudget, stepsOf } from './budget.js';
import { classBalance, turnOf } from './class-balance.js';
import { drawBatch, type BatchSource, type TrainingImages } from './draw-batch.js';
import { openLearner } from './open-learner.js';
import { openPace } from './pace.js';
import type { Recipe } from './recipe.js';
import { TrainingError } from './training-error.js';

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
  /** What the rest of the run will take; undefined until the first steps are timed. */
  readonly secondsLeft: number | undefined;
}

/** A run of training: iterate to train, stop iterating to stop. */
export interface Training extends AsyncIterable<StepReport> {
  /** Steps in all; provisional until a time budget has timed its first steps. */
  readonly totalSteps: number;
  /** Steps done. */
  readonly step: number;
  /** How often it went back; every time halved the learning rates. */
  readonly rollbacks: number;
  /** The state between two steps. */
  checkpoint(): Promise<Checkpoint>;
  /** Goes back to a checkpoint of this run, with learning rates half as large as they are. Call it between two steps. */
  rollBack(checkpoint: Checkpoint): Promise<void>;
  /** Frees the model's variables and the compiled step. */
  dispose(): Promise<void>;
}

/**
 * Prepares a training run.
 *
 * @param options.positions the train images, as `images` knows them
 * @param options.labels the classes' names, saved with the checkpoint
 * @param options.init a checkpoint of another run, perhaps with other classes, to take the first weights from
 * @param options.resume a checkpoint of the same run to go on from; its seed, config, recipe and total steps hold
 * @throws TrainingError while iterating when a value is not finite any more; `rollBack` may mend it
 * @throws CheckpointError when `init` has other networks
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
  readonly init?: Checkpoint | undefined;
  readonly resume?: Checkpoint | undefined;
}): Promise<Training> {
  const { engine, init, resume, images, labels } = options;
  const { config, recipe, seed } = resume ?? options;
  const { batchSize } = recipe;
  const learner = await openLearner({ engine, config, recipe, seed });
  if (resume) await learner.restore(resume.tensors);
  else if (init) {
    const fresh = { config, labels, tensors: await learner.tensors() };
    await learner.restore(transferTensors(fresh, init));
  }
  const { inputs, outputs } = learner;
  const balance = classBalance(
    images.labels,
    options.positions,
    config.classes,
    recipe.classBalance,
  );
  const source: BatchSource = { images, seed, batchSize };
  const turnAt = (step: number) => turnOf(step, balance, config.perClass);
  const budget = parseBudget(options.budget);
  const pace = openPace(budget);
  let done = resume?.step ?? 0;
  let rollbacks = resume?.rollbacks ?? 0;
  let totalSteps =
    resume?.totalSteps ??
    (budget.kind === 'time' ? Infinity : stepsOf(budget, batchSize, options.positions.length));
  /** The next step's inputs, drawn while a step runs. */
  let next: { readonly step: number; readonly batch: Promise<Float32Array[]> } | undefined;

  function draw(step: number): { step: number; batch: Promise<Float32Array[]> } {
    const batch = drawBatch(source, turnAt(step), { step, totalSteps, rollbacks }).then((drawn) =>
      inputs.map((input) => input.draw(drawn)),
    );
    // A failure is thrown when the batch is awaited, not while another step runs.
    batch.catch(() => undefined);
    return { step, batch };
  }

  async function* iterate(): AsyncGenerator<StepReport> {
    pace.start();
    while (done < totalSteps) {
      const current = done + 1;
      const { batch } = next?.step === current ? next : draw(current);
      const drawn = await batch;
      next = current < totalSteps ? draw(current + 1) : undefined;
      const results = await learner.run(turnAt(current).copy, drawn).catch((error: unknown) => {
        throw error instanceof NonFiniteError
          ? new TrainingError(current, `${outputs[error.output] ?? ''} is ${error.value}`)
          : error;
      });
      const values = Object.fromEntries(outputs.map((name, i) => [name, results[i]?.[0] ?? NaN]));
      for (const [name, value] of Object.entries(values)) {
        if (!Number.isFinite(value)) throw new TrainingError(current, `${name} is ${value}`);
      }
      done = current;
      totalSteps = pace.stepDone(done, totalSteps);
      yield {
        step: done,
        totalSteps,
        images: done * batchSize,
        values,
        imagesPerSecond: pace.stepsPerSecond * batchSize,
        elapsedSeconds: pace.seconds,
        secondsLeft: pace.secondsLeft(done, totalSteps),
      };
      // What the consumer did meanwhile (a checkpoint, a sheet) is not training time.
      pace.start();
    }
  }

  return {
    [Symbol.asyncIterator]: iterate,
    get totalSteps() {
      return totalSteps;
    },
    get step() {
      return done;
    },
    get rollbacks() {
      return rollbacks;
    },
    checkpoint: async () => ({
      config,
      recipe,
      labels,
      classShares: balance.shares,
      seed,
      step: done,
      rollbacks,
      totalSteps,
      tensors: await learner.tensors(),
    }),
    async rollBack(checkpoint) {
      await learner.restore(checkpoint.tensors);
      pace.giveBack(done - checkpoint.step);
      done = checkpoint.step;
      rollbacks++;
      next = undefined;
    },
    dispose: () => learner.dispose(),
  };
}
