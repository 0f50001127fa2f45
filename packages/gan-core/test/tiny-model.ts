import type {
  Checkpoint,
  Engine,
  ModelConfig,
  Recipe,
  Training,
  TrainingImages,
} from '../src/index.js';
import { train } from '../src/index.js';

/** Networks that train in milliseconds. */
export const tinyConfig: ModelConfig = {
  model: 'cdcgan',
  size: 16,
  channels: 1,
  classes: 2,
  latentDim: 4,
  embeddingDim: 4,
  perClass: false,
  generatorWidths: [8, 8, 4],
  discriminatorWidths: [8, 8],
};

/** How it is trained. */
export const tinyRecipe: Recipe = {
  batchSize: 8,
  learningRateD: 2e-3,
  learningRateG: 2e-3,
  classBalance: 0.5,
  emaKimg: 10,
  diffAugment: 'shift',
  inputNoise: 0,
  loss: 'non-saturating',
  labelSmoothing: 0,
  lecam: 0,
  gradientPenalty: 0,
};

/** Dark images of class 0 and bright ones of class 1. */
export const twoShades: TrainingImages = {
  labels: Int32Array.from({ length: 40 }, (_, i) => i % 2),
  read: (positions) => {
    const pixels = new Uint8Array(positions.length * 256);
    Array.from(positions).forEach((position, i) => {
      pixels.fill(
        position % 2 === 0 ? 30 + position : 215 + (position % 7),
        i * 256,
        (i + 1) * 256,
      );
    });
    return Promise.resolve(pixels);
  },
};

/** What differs from the tiny run. */
export type TinyOptions = Partial<
  Pick<
    Parameters<typeof train>[0],
    'init' | 'resume' | 'images' | 'config' | 'labels' | 'budget' | 'seed'
  >
> & { readonly recipe?: Partial<Recipe> };

/** A training run of the tiny model. */
export function trainTiny(
  engine: Engine,
  { recipe, ...options }: TinyOptions = {},
): Promise<Training> {
  return train({
    budget: '0.048kimg',
    seed: 3,
    config: tinyConfig,
    images: twoShades,
    labels: ['dark', 'bright'],
    positions: Int32Array.from({ length: 40 }, (_, i) => i),
    ...options,
    recipe: { ...tinyRecipe, ...recipe },
    engine,
  });
}

/** Trains to the end, or until `steps` steps are done. */
export async function finish(training: Training, steps = Infinity): Promise<void> {
  for await (const { step } of training) if (step >= steps) break;
}

/** A checkpoint's values by name, to compare. */
export function valuesOf({ tensors }: Checkpoint): Record<string, Float32Array> {
  return Object.fromEntries([...tensors].map(([name, { values }]) => [name, values]));
}
