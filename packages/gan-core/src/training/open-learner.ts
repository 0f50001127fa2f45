import type { NamedTensor } from '../checkpoint/checkpoint.js';
import { restoreState, snapshotState } from '../checkpoint/model-snapshot.js';
import type { Engine } from '../engines/engine.js';
import type { ModelConfig } from '../models/model-config.js';
import { copyCount, copyPrefix } from '../models/model-copies.js';
import { modelOf } from '../models/model-kinds.js';
import { createModelState, disposeState, variablesOf } from '../models/model-state.js';
import type { Recipe } from './recipe.js';
import type { TrainingStep } from './training-step.js';

type Tensors = ReadonlyMap<string, NamedTensor>;

/** A model in training: its compiled step, and the values of its copies. */
export interface Learner extends Pick<TrainingStep, 'inputs' | 'outputs'> {
  /**
   * Trains one copy by one step; one call at a time.
   *
   * @param values one array per input, which move to the engine
   * @returns one array per output
   */
  run(copy: number, values: readonly Float32Array[]): Promise<Float32Array[]>;
  /** All copies' variables, as a checkpoint names them. */
  tensors(): Promise<Map<string, NamedTensor>>;
  /**
   * Puts a checkpoint's values into all copies.
   *
   * @throws CheckpointError when one is missing or has another shape
   */
  restore(tensors: Tensors): Promise<void>;
  /** Frees the variables and the compiled step. */
  dispose(): Promise<void>;
}

/**
 * Compiles the step of a model and makes its variables. Where each class has a copy, the step is compiled once and the
 * copies take turns in its variables: a compiled step needs far more memory than the values that it works on.
 */
export async function openLearner({
  engine,
  config,
  recipe,
  seed,
}: {
  readonly engine: Engine;
  readonly config: ModelConfig;
  readonly recipe: Recipe;
  readonly seed: number;
}): Promise<Learner> {
  await engine.activate();
  const model = modelOf(config);
  const state = createModelState(model, seed);
  const { inputs, outputs, run } = model.trainingStep(state, recipe);
  const order = new Map(inputs.map(({ name }, i) => [name, i]));
  const compiled = await engine.compile(
    (...tensors) =>
      run((name) => {
        const tensor = tensors[order.get(name) ?? -1];
        if (!tensor) throw new Error(`The training step has no input ${name}.`);
        return tensor;
      }),
    { inputs, variables: variablesOf(state), transfer: true },
  );

  const copies = copyCount(config);
  /** Values of the copies that are not in the variables; of one copy there are none. */
  const parked: Tensors[] = [];
  let inPlace = 0;
  if (copies > 1) {
    // All start alike.
    const start = await snapshotState(engine, state);
    for (let copy = 0; copy < copies; copy++) parked.push(start);
  }

  async function place(copy: number): Promise<void> {
    if (copy === inPlace) return;
    parked[inPlace] = await snapshotState(engine, state);
    await restoreState(engine, state, parked[copy] ?? new Map());
    inPlace = copy;
  }

  return {
    inputs,
    outputs,
    async run(copy, values) {
      await place(copy);
      return compiled.run(...values);
    },
    async tensors() {
      const own = await snapshotState(engine, state);
      if (copies > 1) parked[inPlace] = own;
      return new Map(
        (copies > 1 ? parked : [own]).flatMap((tensors, copy) =>
          [...tensors].map(([name, tensor]): [string, NamedTensor] => [
            `${copyPrefix(config, copy)}${name}`,
            tensor,
          ]),
        ),
      );
    },
    async restore(tensors) {
      const ofCopy = (copy: number) => unprefixed(tensors, copyPrefix(config, copy));
      for (let copy = 0; copies > 1 && copy < copies; copy++) parked[copy] = ofCopy(copy);
      await restoreState(engine, state, ofCopy(0));
      inPlace = 0;
    },
    async dispose() {
      await compiled.dispose();
      disposeState(state);
    },
  };
}

/** The tensors whose names begin with a prefix, without it. */
function unprefixed(tensors: Tensors, prefix: string): Tensors {
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}
