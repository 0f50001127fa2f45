import { adamStepSize } from './adam.js';
import { averageDecay } from './moving-average.js';
import type { Recipe } from './recipe.js';
import type { StepInput } from './training-step.js';

/** What a batch's inputs are made for. */
interface Shape {
  readonly size: number;
  readonly channels: number;
  readonly classes: number;
  readonly latentDim: number;
}

/** The real images, in [-1, 1]. */
export function realImages(name: string, batch: number, { size, channels }: Shape): StepInput {
  return {
    name,
    shape: [batch, size, size, channels],
    draw: ({ pixels }) => toSymmetricFloats(pixels),
  };
}

/** The classes of the real images. */
export function realClasses(name: string, batch: number, { classes }: Shape): StepInput {
  return { name, shape: [batch, classes], draw: ({ labels }) => oneHot(labels, classes) };
}

/** The classes of the generated images. */
export function generatedClasses(name: string, batch: number, { classes }: Shape): StepInput {
  return {
    name,
    shape: [batch, classes],
    draw: ({ generatedLabels }) => oneHot(generatedLabels, classes),
  };
}

/** Gaussian noise of standard deviation `sd`, drawn under the input's own name. */
export function noise(name: string, shape: readonly number[], sd = 1): StepInput {
  return {
    name,
    shape,
    draw({ random }) {
      const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
      random(name).fillNormal(values, sd);
      return values;
    },
  };
}

/** Adam's step size for a learning rate, scaled by the run's. */
export function stepSize(name: string, learningRate: number): StepInput {
  return {
    name,
    shape: [],
    draw: ({ step, rateScale }) => Float32Array.of(adamStepSize(learningRate * rateScale, step)),
  };
}

/** Decay of the generator's moving average. */
export function decayOfAverage(
  name: string,
  { batchSize, emaKimg }: Pick<Recipe, 'batchSize' | 'emaKimg'>,
): StepInput {
  const halfLife = 1000 * emaKimg;
  return {
    name,
    shape: [],
    draw: ({ images }) => Float32Array.of(averageDecay(images, batchSize, halfLife)),
  };
}

/** Rows with 1 at each label's place, [labels, classes]. */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) rows[i * classes + (labels[i] ?? 0)] = 1;
  return rows;
}

/** 0..255 -> -1..1. */
export function toSymmetricFloats(pixels: Uint8Array): Float32Array {
  const floats = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) floats[i] = (pixels[i] ?? 0) / 127.5 - 1;
  return floats;
}
