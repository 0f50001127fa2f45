import type { Engine, Sampler } from '@evenset/gan-core';
import {
  fitStandardisation,
  openKernelDistance,
  openRandomConvFeatures,
} from '@evenset/quality-eval';
import type { Input } from './read-input.js';

/** Measures during training how near generated images are to real ones that the model has not seen. */
export interface QualityWatch {
  /**
   * The kernel distance (KID) between generated and held-out select images of the same class, weighted by the
   * number of the latter: the lower the better, 0 where nothing tells them apart.
   */
  measure(sampler: Sampler): Promise<number>;
  dispose(): Promise<void>;
}

/** Train images that features are standardised on, at most. */
const STANDARDISED_ON = 2048;
/** Select images of a class that are looked at, at most. */
const MAX_SELECT = 256;
/** Blocks of generated images of each class: the same noise every time, so that checkpoints compare. */
const BLOCKS = 2;

/**
 * Opens the watch; undefined where no class has the two select images that it needs.
 *
 * @param hasClasses whether images are made of a class; those of none are measured against all
 */
export async function openQualityWatch(
  { pixels, split, manifest }: Input,
  engine: Engine,
  hasClasses: boolean,
): Promise<QualityWatch | undefined> {
  const groups = hasClasses
    ? manifest.classes.map((_, label) => ({
        label,
        positions: split.select.filter((at) => pixels.labels[at] === label),
      }))
    : [{ label: 0, positions: split.select }];
  const members = groups.filter(({ positions }) => positions.length > 1);
  if (members.length === 0) return undefined;

  const extractor = await openRandomConvFeatures(engine, pixels);
  const distance = await openKernelDistance(engine, extractor.dimensions);
  const stride = Math.ceil(split.train.length / STANDARDISED_ON);
  const someTrain = split.train.filter((_, i) => i % stride === 0);
  const trainFeatures = await extractor.extract(await pixels.read(someTrain));
  const standard = fitStandardisation(trainFeatures, extractor.dimensions);
  const describe = async (images: Uint8Array) => standard.apply(await extractor.extract(images));

  const classes: { label: number; real: Float32Array; count: number }[] = [];
  for (const { label, positions } of members) {
    const watched = positions.subarray(0, MAX_SELECT);
    const real = await describe(await pixels.read(watched));
    classes.push({ label, real, count: watched.length });
  }
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  return {
    async measure(sampler) {
      let mean = 0;
      for (const { label, real, count } of classes) {
        const blocks: Uint8Array[] = [];
        for (let block = 0; block < BLOCKS; block++)
          blocks.push(await sampler.generate(label, block));
        const generated = await describe(Buffer.concat(blocks));
        mean += ((await distance.between(generated, real)) * count) / total;
      }
      return mean;
    },
    async dispose() {
      await extractor.dispose();
      await distance.dispose();
    },
  };
}
