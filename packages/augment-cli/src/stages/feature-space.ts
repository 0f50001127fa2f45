import type { Engine } from '@evenset/gan-core';
import {
  fitPrincipalComponents,
  fitStandardisation,
  openFeatureSearch,
  openKernelDistance,
  openRandomConvFeatures,
  openSquaredDistances,
  type ExtractOptions,
  type FeatureExtractor,
  type FeatureSearch,
  type KernelDistance,
  type PairBlocks,
  type ReferenceImages,
} from '@evenset/quality-eval';
import type { Input } from './read-input.js';

/** Train images that features are standardised on, at most. */
const STANDARDISED_ON = 2048;
/** Train images below which there are no principal components to speak of. */
const MIN_PROJECTED_ON = 3;
/** Images read and described at a time: 2,880 features of a thousand are 12 MB. */
const DESCRIBED = 1024;

/** Features in which images are compared, and what is measured in them. */
export interface FeatureSpace {
  /** Name and version of the extractor. */
  readonly name: string;
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
  describe(images: Uint8Array, options?: ExtractOptions): Promise<Float32Array>;
  /** The principal components of the features, fitted when they are first asked for; undefined for hardly any train images. */
  projection(): Promise<Projection | undefined>;
  dispose(): Promise<void>;
}

/** The 64 principal components of a space, in which neighbours are sought. */
export interface Projection {
  readonly search: FeatureSearch;
  /** Components of each of the features [n, d]. */
  project(features: Float32Array): Promise<Float32Array>;
  /** @returns [n, components] for uint8 [n, size, size, channels] */
  extract(images: Uint8Array, options?: ExtractOptions): Promise<Float32Array>;
  /** The same of any number of images, which are read and described a block at a time. */
  extractAll(images: ReferenceImages, options?: ExtractOptions): Promise<Float32Array>;
}

/** Images that a space is standardised on. */
interface RealImages {
  readonly pixels: Pick<Input['pixels'], 'size' | 'channels' | 'read'>;
  readonly split: Pick<Input['split'], 'train'>;
}

/**
 * Opens the feature space of a data set.
 *
 * @param own what describes the images instead of the random convolutions; it stays open
 */
export async function openFeatureSpace(
  { pixels, split }: RealImages,
  engine: Engine,
  own?: FeatureExtractor,
): Promise<FeatureSpace> {
  const extractor = own ?? (await openRandomConvFeatures(engine, pixels));
  const { name, dimensions } = extractor;
  const kernelDistance = await openKernelDistance(engine, dimensions);
  const squaredDistances = await openSquaredDistances(engine, dimensions);
  const stride = Math.ceil(split.train.length / STANDARDISED_ON);
  const someTrain = split.train.filter((_, i) => i % stride === 0);
  const features = await extractor.extract(await pixels.read(someTrain), { keep: true });
  const standard = fitStandardisation(features, dimensions);
  const train = standard.apply(features);
  const opened = [kernelDistance, squaredDistances, ...(own ? [] : [extractor])];
  const closers = opened.map((one) => () => one.dispose());

  const describe: FeatureSpace['describe'] = async (images, options) =>
    standard.apply(await extractor.extract(images, options));
  const fitProjection = async (): Promise<Projection | undefined> => {
    if (someTrain.length < MIN_PROJECTED_ON) return undefined;
    const components = await fitPrincipalComponents(engine, train, dimensions);
    const search = await openFeatureSearch(engine, components.components);
    closers.push(
      () => components.dispose(),
      () => search.dispose(),
    );
    const extract: Projection['extract'] = async (images, options) =>
      components.apply(await describe(images, options));
    return {
      search,
      project: (described) => components.apply(described),
      extract,
      async extractAll(images, options) {
        const { positions } = images;
        const projected = new Float32Array(positions.length * components.components);
        for (let from = 0; from < positions.length; from += DESCRIBED) {
          const block = await images.read(positions.subarray(from, from + DESCRIBED));
          projected.set(await extract(block, options), from * components.components);
        }
        return projected;
      },
    };
  };
  let projection: Promise<Projection | undefined> | undefined;

  return {
    name,
    train,
    kernelDistance,
    squaredDistances,
    describe,
    projection: () => (projection ??= fitProjection()),
    async dispose() {
      for (const close of closers.splice(0)) await close();
    },
  };
}
