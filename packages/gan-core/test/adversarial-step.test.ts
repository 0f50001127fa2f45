import { open } from './open-engine.js';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  configureModel,
  openEngine,
  type Checkpoint,
  type Engine,
  type ModelConfig,
} from '../src/index.js';
import { modelOf } from '../src/models/model-kinds.js';
import { createModelState, disposeState } from '../src/models/model-state.js';
import { projectionDiscriminator } from '../src/networks/projection-discriminator.js';
import { convolutionalGenerator } from '../src/networks/convolutional-generator.js';
import { randomStream } from '../src/random-stream.js';
import type { LossName } from '../src/training/adversarial-losses.js';
import { adversarialStep } from '../src/training/adversarial-step.js';
import type { Recipe } from '../src/training/recipe.js';
import { finish, tinyConfig, tinyRecipe, trainTiny, valuesOf } from './tiny-model.js';

/** Goes on from a checkpoint with a recipe, to the end or to a step. */
async function goOn(
  engine: Engine,
  from: Checkpoint,
  recipe: Partial<Recipe> = {},
  step = Infinity,
): Promise<Checkpoint> {
  const resume = { ...from, recipe: { ...from.recipe, ...recipe } };
  const training = await trainTiny(engine, { resume });
  await finish(training, step);
  const checkpoint = await training.checkpoint();
  await training.dispose();
  return checkpoint;
}

/** Largest difference between two checkpoints, and where it is; of values beyond 1, relative to the largest. */
function distance(one: Checkpoint, other: Checkpoint): [number, string] {
  const differences = [...one.tensors].map(([name, { values }]): [number, string] => {
    const others = other.tensors.get(name)?.values ?? new Float32Array(0);
    const difference = Math.max(...values.map((value, i) => Math.abs(value - (others[i] ?? NaN))));
    return [difference / Math.max(1, ...values.map(Math.abs)), name];
  });
  return differences.reduce((worst, next) => (next[0] <= worst[0] ? worst : next));
}

const configs = {
  cdcgan: tinyConfig,
  gan: configureModel('gan', {
    ...{ preset: 'auto', size: 16, channels: 1, classes: 2, latentDim: 4, perClass: false },
    ...{ generatorWidths: [32, 16], discriminatorWidths: [16, 8] },
  }),
};
/** Some steps into a run, said to be far enough that everything is on. */
const starts = new Map<string, Checkpoint>();
async function startOf(engine: Engine, config: ModelConfig): Promise<Checkpoint> {
  const training = await trainTiny(engine, { config });
  await finish(training);
  const checkpoint = await training.checkpoint();
  await training.dispose();
  return { ...checkpoint, step: 200, totalSteps: 206 };
}
beforeAll(async () => {
  const engine = await openEngine('onnx', { threads: 2 });
  for (const [name, config] of Object.entries(configs))
    starts.set(name, await startOf(engine, config));
  await engine.dispose();
});
function startAt(name: keyof typeof configs): Checkpoint {
  const start = starts.get(name);
  if (!start) throw new Error(`${name} was not trained.`);
  return start;
}

const parts: [string, Partial<Recipe>, (keyof typeof configs)?][] = [
  ['the minimax loss', { loss: 'minimax' }],
  ['the hinge loss', { loss: 'hinge' }],
  ['the relativistic loss', { loss: 'relativistic' }],
  ['gradient penalties', { gradientPenalty: 0.5 }],
  ['R3GAN', { loss: 'relativistic', gradientPenalty: 0.05 }],
  ['gradient penalties on dense networks', { gradientPenalty: 0.5 }, 'gan'],
  ['R3GAN on dense networks', { loss: 'relativistic', gradientPenalty: 0.05 }, 'gan'],
  ['LeCam', { lecam: 0.3 }],
  ['label smoothing', { labelSmoothing: 0.1 }],
  ['input noise', { inputNoise: 0.1 }],
];

describe.each(parts)('a step with %s', (_name, recipe, model = 'cdcgan') => {
  it('changes the run, and resumes bit for bit', async () => {
    const start = startAt(model);
    const engine = await open('onnx');
    const whole = await goOn(engine, start, recipe);
    expect(whole.step).toBe(206);
    expect(distance(whole, await goOn(engine, start))[0]).toBeGreaterThan(1e-4);
    const half = await goOn(engine, start, recipe, 203);
    expect(half.step).toBe(203);
    expect(valuesOf(await goOn(await open('onnx'), half))).toEqual(valuesOf(whole));
  });

  it('computes the same on the embedded engine as on the CPU backend', async () => {
    const start = startAt(model);
    const eager = await goOn(await open('cpu'), start, recipe, 202);
    const compiled = await goOn(await open('onnx'), start, recipe, 202);
    const [worst, where] = distance(eager, compiled);
    expect(worst, where).toBeLessThan(2e-4);
  });
});

describe('LeCam in training', () => {
  it('only watches before it starts', async () => {
    const engine = await open('onnx');
    const early = { ...startAt('cdcgan'), step: 93, totalSteps: 100 };
    const [plain, watched] = [
      valuesOf(await goOn(engine, early, {}, 99)),
      valuesOf(await goOn(engine, early, { lecam: 0.3 }, 99)),
    ];
    const anchors = ['buffers/anchorOfReal', 'buffers/anchorOfGenerated'] as const;
    for (const name of anchors) {
      expect(watched[name]?.[0]).not.toBe(0);
      expect(plain[name]?.[0]).toBe(0);
    }
    const rest = Object.keys(plain).filter((name) => !anchors.some((anchor) => anchor === name));
    for (const name of rest) expect(watched[name], name).toEqual(plain[name]);
  });
});

describe('adversarialStep', () => {
  const players = {
    config: tinyConfig,
    generator: convolutionalGenerator(tinyConfig),
    discriminator: projectionDiscriminator(tinyConfig),
    state: new Map(),
  };

  it('refuses to smooth the labels of a loss that has none', () => {
    const recipe = { ...tinyRecipe, loss: 'hinge' as const, labelSmoothing: 0.1 };
    expect(() => adversarialStep({ ...players, recipe })).toThrow(
      /--label-smoothing 0.1 needs .*hinge/,
    );
  });

  it('refuses gradient penalties where logits depend on other images', () => {
    const recipe = { ...tinyRecipe, gradientPenalty: 2 };
    const discriminator = { ...players.discriminator, usesBatchStatistics: true };
    expect(() => adversarialStep({ ...players, discriminator, recipe })).toThrow(
      /--gradient-penalty 2 needs/,
    );
  });

  it('takes the classes of the real images where they are compared in pairs', async () => {
    await (await open('cpu')).activate();
    const state = createModelState(modelOf(tinyConfig), 1);
    const classesFor = (loss: LossName) => {
      const { inputs } = adversarialStep({ ...players, state, recipe: { ...tinyRecipe, loss } });
      const batch = { step: 1, images: 2, progress: 0, rateScale: 1, pixels: new Uint8Array(0) };
      const labels = { labels: [0, 1], generatedLabels: [1, 1] };
      const random = () => randomStream(0);
      const input = inputs.find(({ name }) => name === 'generatedClasses');
      return [...(input?.draw({ ...batch, ...labels, random }) ?? [])];
    };
    expect(classesFor('hinge')).toEqual([0, 1, 0, 1]);
    expect(classesFor('relativistic')).toEqual([1, 0, 0, 1]);
    disposeState(state);
  });
});
