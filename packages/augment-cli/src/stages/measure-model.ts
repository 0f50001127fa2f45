import {
  openJudge,
  openSampler,
  SAMPLE_BLOCK,
  type Checkpoint,
  type Engine,
  type Sampler,
} from '@evenset/gan-core';
import { imagesInMemory, jensenShannonEstimate, type ReferenceImages } from '@evenset/quality-eval';
import type { SetQuality } from '../run/set-quality.js';
import { somePositions } from './evenly.js';
import type { FeatureSpace } from './feature-space.js';
import { firstOfEach } from './first-of-each.js';
import { imagesAt } from './images-at.js';
import { measureQuality } from './measure-quality.js';
import type { Input } from './read-input.js';

/** Images that are generated to be measured, at least. */
const GENERATED = 1024;
/** Held-out images that are judged, at most. */
const MAX_HELD_OUT = 2048;

/** What a trained model's images are worth, all classes together. */
export interface ModelFigures extends SetQuality {
  /** (V + 2 log 2) / 2 on held-out images, in nats; null for a model without a discriminator. */
  readonly jensenShannon: number | null;
}

/** What models are measured against. */
export interface RealImages {
  /** Calibrate images, which neither trained the model nor chose its checkpoint. */
  readonly heldOut: ReferenceImages;
  /** Their classes. */
  readonly labels: Int32Array;
  /** Train images, one of each group of near-duplicates. */
  readonly train: ReferenceImages;
}

/** Finds what models are measured against. */
export function realImages({ pixels, split, groups }: Input): RealImages {
  const heldOut = somePositions(split.calibrate, MAX_HELD_OUT);
  return {
    heldOut: imagesAt(pixels, heldOut),
    labels: heldOut.map((position) => pixels.labels[position] ?? 0),
    train: imagesAt(
      pixels,
      firstOfEach(split.train, (position) => groups[position] ?? position),
    ),
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
  const { size, channels } = checkpoint.config;
  const figures = await measureQuality(space, {
    generated: imagesInMemory(images, size * size * channels),
    heldOut,
    train,
    learned: train,
  });

  const judge = await openJudge(checkpoint, engine);
  const jensenShannon =
    judge && labels.length > 0
      ? jensenShannonEstimate(
          await judge.logits(await heldOut.read(heldOut.positions), ofHeldOut),
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
