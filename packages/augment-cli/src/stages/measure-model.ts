import {
  openJudge,
  openSampler,
  SAMPLE_BLOCK,
  type Checkpoint,
  type Engine,
  type Sampler,
} from '@evenset/gan-core';
import { jensenShannonEstimate } from '@evenset/quality-eval';
import type { SetQuality } from '../run/set-quality.js';
import type { FeatureSpace } from './feature-space.js';
import { measureQuality } from './measure-quality.js';
import type { Input } from './read-input.js';

/** Images that are generated to be measured, at least. */
const GENERATED = 1024;
/** Held-out images that are measured against, and train images, at most. */
const MAX_REAL = 2048;

/** What a trained model's images are worth, all classes together. */
export interface ModelFigures extends SetQuality {
  /** (V + 2 log 2) / 2 on held-out images, in nats; null for a model without a discriminator. */
  readonly jensenShannon: number | null;
}

/** The calibrate images, which neither trained the model nor chose its checkpoint, and train images. */
export interface RealImages {
  readonly labels: Int32Array;
  readonly heldOut: Uint8Array;
  readonly train: Uint8Array;
}

/** Reads what models are measured against. */
export async function readReal({ pixels, split }: Input): Promise<RealImages> {
  const some = (positions: Int32Array) => {
    const stride = Math.max(1, Math.ceil(positions.length / MAX_REAL));
    return positions.filter((_, i) => i % stride === 0);
  };
  const positions = some(split.calibrate);
  return {
    labels: positions.map((position) => pixels.labels[position] ?? 0),
    heldOut: await pixels.read(positions),
    train: await pixels.read(some(split.train)),
  };
}

/** Generates images of every class in the proportions of the held-out ones, and measures them. */
export async function measureModel(
  checkpoint: Checkpoint,
  engine: Engine,
  space: FeatureSpace,
  { heldOut, train, labels: ofHeldOut }: RealImages,
): Promise<ModelFigures> {
  const sampler = await openSampler(checkpoint, engine);
  const { images, labels } = await drawLike(ofHeldOut, sampler, checkpoint);
  await sampler.dispose();
  const figures = await measureQuality(
    space,
    { generated: images, heldOut, train },
    checkpoint.config,
  );

  const judge = await openJudge(checkpoint, engine);
  const jensenShannon =
    judge && labels.length > 0
      ? jensenShannonEstimate(
          await judge.logits(heldOut, ofHeldOut),
          await judge.logits(images, labels),
        )
      : null;
  await judge?.dispose();
  return { ...figures, jensenShannon };
}

/** Images of each class, as many times as many as there are real ones. */
async function drawLike(
  real: Int32Array,
  sampler: Sampler,
  { config }: Checkpoint,
): Promise<{ images: Uint8Array; labels: Int32Array }> {
  const bytes = config.size * config.size * config.channels;
  const times = Math.ceil(GENERATED / real.length);
  const images: Uint8Array[] = [];
  const labels: number[] = [];
  for (let label = 0; label < config.classes; label++) {
    const wanted = times * real.filter((one) => one === label).length;
    for (let first = 0; first < wanted; first += SAMPLE_BLOCK) {
      const count = Math.min(SAMPLE_BLOCK, wanted - first);
      const block = await sampler.generate(label, first / SAMPLE_BLOCK);
      images.push(block.subarray(0, count * bytes));
      for (let i = 0; i < count; i++) labels.push(label);
    }
  }
  return { images: Buffer.concat(images), labels: Int32Array.from(labels) };
}
