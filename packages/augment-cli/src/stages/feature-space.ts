import type { Engine } from '@evenset/gan-core';
import {
  fitStandardisation,
  openKernelDistance,
  openRandomConvFeatures,
  openSquaredDistances,
  type KernelDistance,
  type PairBlocks,
} from '@evenset/quality-eval';
import type { Input } from './read-input.js';

/** Train images that features are standardised on, at most. */
const STANDARDISED_ON = 2048;

/** Features in which images are compared, and what is measured in them. */
export interface FeatureSpace {
  /** Features of some train images, [n, d]. */
  readonly train: Float32Array;
  readonly kernelDistance: KernelDistance;
  readonly squaredDistances: PairBlocks;
  /**
   * Features of images, standardised on train images.
   *
   * @param images uint8 [n, size, size, channels]
   * @returns [n, d]
   */
  describe(images: Uint8Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens the feature space of a data set. */
export async function openFeatureSpace(
  { pixels, split }: Pick<Input, 'pixels' | 'split'>,
  engine: Engine,
): Promise<FeatureSpace> {
  const extractor = await openRandomConvFeatures(engine, pixels);
  const kernelDistance = await openKernelDistance(engine, extractor.dimensions);
  const squaredDistances = await openSquaredDistances(engine, extractor.dimensions);
  const stride = Math.ceil(split.train.length / STANDARDISED_ON);
  const someTrain = split.train.filter((_, i) => i % stride === 0);
  const features = await extractor.extract(await pixels.read(someTrain));
  const standard = fitStandardisation(features, extractor.dimensions);
  return {
    train: standard.apply(features),
    kernelDistance,
    squaredDistances,
    describe: async (images) => standard.apply(await extractor.extract(images)),
    async dispose() {
      for (const open of [extractor, kernelDistance, squaredDistances]) await open.dispose();
    },
  };
}
