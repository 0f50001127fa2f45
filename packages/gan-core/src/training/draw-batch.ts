import { randomStream } from '../random-stream.js';
import { drawClass, type Turn } from './class-balance.js';
import type { Batch } from './training-step.js';

/** Images to train on. */
export interface TrainingImages {
  /** Class index of every image. */
  readonly labels: Int32Array;
  /** uint8 [n, size, size, channels] of the images at `positions`. */
  read(positions: ArrayLike<number>): Promise<Uint8Array>;
}

/** What the batches of a run are drawn from. */
export interface BatchSource {
  readonly images: TrainingImages;
  readonly seed: number;
  readonly batchSize: number;
}

/** Where a run is. */
interface Position {
  /** Counted from 1. */
  readonly step: number;
  readonly totalSteps: number;
  readonly rollbacks: number;
}

/** The batch at a position: what is drawn is a pure function of the seed, the step and whose turn it is. */
export async function drawBatch(
  { images, seed, batchSize }: BatchSource,
  { balance, step: ownStep }: Turn,
  { step, totalSteps, rollbacks }: Position,
): Promise<Batch> {
  const random = (purpose: string) => randomStream(seed, 'step', step, purpose);
  const choose = random('real');
  const labels = Array.from({ length: batchSize }, () =>
    drawClass(balance.shares, choose.uniform()),
  );
  const positions = labels.map((label) => {
    const members = balance.members[label] ?? new Int32Array(1);
    return members[choose.integer(0, members.length - 1)] ?? 0;
  });
  const chooseGenerated = random('fake');
  const generatedLabels = labels.map(() => drawClass(balance.shares, chooseGenerated.uniform()));
  const pixels = await images.read(positions);
  return {
    step: ownStep,
    images: ownStep * batchSize,
    progress: step / totalSteps,
    rateScale: 0.5 ** rollbacks,
    pixels,
    labels,
    generatedLabels,
    random,
  };
}
