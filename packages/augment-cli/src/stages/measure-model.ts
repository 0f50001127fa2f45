import {
  openJudge,
  openSampler,
  SAMPLE_BLOCK,
  type Checkpoint,
  type Engine,
  type Sampler,
} from '@evenset/gan-core';
import { jensenShannonEstimate } from '@evenset/quality-eval';
import type { FeatureSpace } from './feature-space.js';
import { measureImages, type ImageFigures } from './measure-images.js';
import type { Input } from './read-input.js';

/** Images that are generated to be measured, at least. */
const GENERATED = 1024;
/** Held-out images that are measured against, at most. */
const MAX_REAL = 2048;

/** What a trained model's images are worth, all classes together. */
export interface ModelFigures extends ImageFigures {
  readonly realImages: number;
  readonly generatedImages: number;
  /** (V + 2 log 2) / 2 on held-out images, in nats; null for a model without a discriminator. */
  readonly jensenShannon: number | null;
}

/** Features of the calibrate images, which neither trained the model nor chose its checkpoint, and their positions. */
export interface HeldOut {
  readonly positions: Int32Array;
  readonly labels: Int32Array;
  readonly pixels: Uint8Array;
  readonly features: Float32Array;
}

/** Reads what models are measured against. */
export async function readHeldOut({ pixels, split }: Input, space: FeatureSpace): Promise<HeldOut> {
  const stride = Math.max(1, Math.ceil(split.calibrate.length / MAX_REAL));
  const positions = split.calibrate.filter((_, i) => i % stride === 0);
  const images = await pixels.read(positions);
  return {
    positions,
    labels: positions.map((position) => pixels.labels[position] ?? 0),
    pixels: images,
    features: await space.describe(images),
  };
}

/** Generates images of every class in the proportions of the held-out ones, and measures them. */
export async function measureModel(
  checkpoint: Checkpoint,
  engine: Engine,
  space: FeatureSpace,
  heldOut: HeldOut,
): Promise<ModelFigures> {
  const sampler = await openSampler(checkpoint, engine);
  const { images, labels } = await drawLike(heldOut.labels, sampler, checkpoint);
  await sampler.dispose();
  const figures = await measureImages(space, heldOut.features, await space.describe(images));

  const judge = await openJudge(checkpoint, engine);
  const jensenShannon =
    judge && labels.length > 0
      ? jensenShannonEstimate(
          await judge.logits(heldOut.pixels, heldOut.labels),
          await judge.logits(images, labels),
        )
      : null;
  await judge?.dispose();
  return {
    ...figures,
    realImages: heldOut.positions.length,
    generatedImages: labels.length,
    jensenShannon,
  };
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
