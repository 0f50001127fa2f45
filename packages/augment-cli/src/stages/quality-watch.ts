import { knowsClasses, type Checkpoint, type Engine, type Sampler } from '@evenset/gan-core';
import { diversityRatio, type FeatureExtractor } from '@evenset/quality-eval';
import { somePositions } from './evenly.js';
import { openFeatureSpace } from './feature-space.js';
import type { Input } from './read-input.js';
import { openLogitWatch, type LogitGauges } from './watch-logits.js';

/** What one look at a run's images found. */
export interface Look extends Partial<LogitGauges> {
  /**
   * The kernel distance (KID) between generated and held-out select images of the same class, weighted by the
   * number of the latter: the lower the better, 0 where nothing tells them apart. Undefined where no class has two.
   */
  readonly kernelDistance: number | undefined;
  /** How varied the generated images of a class are beside its train images: 1 as varied, 0 one image repeated. */
  readonly diversity: Readonly<Record<string, number>>;
}

/** Measures during training how good the generated images are and what the discriminator knows. */
export interface QualityWatch {
  /** @param sampler of the checkpoint */
  look(checkpoint: Checkpoint, sampler: Sampler): Promise<Look>;
  dispose(): Promise<void>;
}

/** Select images of a class, or of all, that are looked at, at most: some at even distances. */
const MAX_SELECT = 256;
/** Train images of a class that its diversity is taken from, at most and at least. */
const MAX_TRAIN = 64;
const MIN_TRAIN = 20;
/** Select images of all classes, and as many train images, whose features are in memory: a hundred megabytes each. */
const MAX_IMAGES = 8192;
/** Blocks of generated images of each class: the same noise every time, so that checkpoints compare. */
const BLOCKS = 2;

/** A class and the features of its real images. */
interface WatchedClass {
  readonly label: number;
  readonly name: string;
  /** Held-out images that it counts by. */
  readonly count: number;
  readonly heldOut: Float32Array;
  /** Empty where there are too few to take a diversity from. */
  readonly train: Float32Array;
}

/** Opens the watch; where the model knows no classes, its images are measured against all. */
export async function openQualityWatch(
  input: Pick<Input, 'pixels' | 'split' | 'manifest'>,
  engine: Engine,
  checkpoint: Checkpoint,
  extractor: FeatureExtractor,
): Promise<QualityWatch> {
  const { pixels, split, manifest } = input;
  const hasClasses = knowsClasses(checkpoint.config);
  const space = await openFeatureSpace(input, engine, extractor);
  const logits = await openLogitWatch(input, engine, checkpoint);

  const classes: WatchedClass[] = [];
  const names = hasClasses ? manifest.classes : ['all'];
  const share = Math.floor(MAX_IMAGES / names.length);
  const [maxSelect, maxTrain] = [
    Math.max(2, Math.min(MAX_SELECT, share)),
    Math.max(MIN_TRAIN, Math.min(MAX_TRAIN, share)),
  ];
  for (const [label, name] of names.entries()) {
    const members = (positions: Int32Array, most: number, least: number) => {
      const isOwn = (at: number) => !hasClasses || pixels.labels[at] === label;
      const own = somePositions(positions.filter(isOwn), most);
      return own.length < least ? new Int32Array(0) : own;
    };
    const selected = members(split.select, maxSelect, 2);
    const trained = members(split.train, maxTrain, MIN_TRAIN);
    if (selected.length + trained.length === 0) continue;
    classes.push({
      label,
      name,
      count: selected.length,
      heldOut: await space.describe(await pixels.read(selected), { keep: true }),
      train: await space.describe(await pixels.read(trained), { keep: true }),
    });
  }
  const total = classes.reduce((sum, { count }) => sum + count, 0);

  return {
    async look(current, sampler) {
      const seen = await logits?.look(current);
      const diversity: Record<string, number> = {};
      let mean = 0;
      for (const { label, name, count, heldOut, train } of classes) {
        const blocks: Uint8Array[] = [];
        for (let block = 0; block < BLOCKS; block++)
          blocks.push(await sampler.generate(label, block));
        const generated = Buffer.concat(blocks);
        await seen?.add(label, generated);
        const features = await space.describe(generated);
        if (count > 0)
          mean += ((await space.kernelDistance.between(features, heldOut)) * count) / total;
        const ratio =
          train.length > 0
            ? await diversityRatio(space.squaredDistances, train, features)
            : undefined;
        if (ratio !== undefined) diversity[name] = ratio;
      }
      return {
        kernelDistance: total > 0 ? mean : undefined,
        diversity,
        ...seen?.gauges(),
      };
    },
    async dispose() {
      await space.dispose();
      await logits?.dispose();
    },
  };
}
