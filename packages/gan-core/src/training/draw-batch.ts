import { randomStream } from '../random-stream.js';
import type { GanConfig } from '../networks/presets.js';
import { adamStepSize } from './adam.js';
import { drawClass, type ClassBalance } from './class-balance.js';
import { drawAugment, type AugmentInput } from './diff-augment.js';
import { averageDecay } from './moving-average.js';

/** Images to train on. */
export interface TrainingImages {
  /** Class index of every image. */
  readonly labels: Int32Array;
  /** uint8 [n, size, size, channels] of the images at `positions`. */
  read(positions: ArrayLike<number>): Promise<Uint8Array>;
}

/** What the batches of a run are drawn from. */
export interface BatchSource {
  readonly config: GanConfig;
  readonly images: TrainingImages;
  readonly balance: ClassBalance;
  readonly seed: number;
  readonly batchSize: number;
  readonly learningRateD: number;
  readonly learningRateG: number;
  readonly augment: readonly AugmentInput[];
}

/** The inputs of training step `step`, counted from 1: a pure function of the seed and the step. */
export async function drawBatch(source: BatchSource, step: number): Promise<Float32Array[]> {
  const { config, images, balance, seed, batchSize, augment } = source;
  const random = (purpose: string) => randomStream(seed, 'step', step, purpose);

  const choose = random('real');
  const labels = Array.from({ length: batchSize }, () =>
    drawClass(balance.shares, choose.uniform()),
  );
  const positions = labels.map((label) => {
    const members = balance.members[label] ?? new Int32Array(1);
    return members[choose.integer(0, members.length - 1)] ?? 0;
  });
  const chooseFake = random('fake');
  const fakeLabels = labels.map(() => drawClass(balance.shares, chooseFake.uniform()));
  const z = new Float32Array(batchSize * config.latentDim);
  random('z').fillNormal(z);
  const parameters = augment.map((input) => drawAugment(input, random(input.name)));

  return [
    toSymmetricFloats(await images.read(positions)),
    oneHot(labels, config.classes),
    z,
    oneHot(fakeLabels, config.classes),
    Float32Array.of(adamStepSize(source.learningRateD, step)),
    Float32Array.of(adamStepSize(source.learningRateG, step)),
    Float32Array.of(averageDecay(step * batchSize, batchSize)),
    ...parameters,
  ];
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
