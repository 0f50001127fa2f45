import {
  authenticity,
  dataCopying,
  diversityRatio,
  frechetDistance,
  kernelDistanceWithFloor,
  neighbourMetrics,
  type Estimate,
  type KernelDistanceWithFloor,
  type ReferenceImages,
} from '@evenset/quality-eval';
import type { SetQuality } from '../run/set-quality.js';
import { somePositions } from './evenly.js';
import type { FeatureSpace } from './feature-space.js';

/**
 * Images of each kind that are measured, at most: the interval of a kernel distance takes time with their square. Copies are
 * looked for among all train images.
 */
export const MAX_IMAGES = 1024;
/** Images on each side below which a bootstrap interval is narrower than it should be. */
export const MIN_KERNEL = 10;
/** Images on each side below which neighbours say nothing of a class. Source: the recipe of density and coverage. */
export const MIN_NEIGHBOURS = 50;
/** Images on each side below which a mean distance, or a share of the images, is a matter of chance. */
export const MIN_MEAN = 20;

/** Images of one class, or of all. */
export interface MeasuredImages {
  readonly generated: ReferenceImages;
  /** Real images that neither trained the model nor chose its checkpoint. */
  readonly heldOut: ReferenceImages;
  /** What the model learned from, one image for each content. */
  readonly train: ReferenceImages;
  /** All that the model can have copied, of which `train` may be a part; undefined where that is not known. */
  readonly learned: ReferenceImages | undefined;
}

/** Something of each kind of images that are measured. */
type Sets<T> = Readonly<Record<'generated' | 'heldOut' | 'train', T>>;

/**
 * Measures generated images against real ones; of more than 1,024 of a kind some at even distances are read. Copies are
 * looked for among all that the model has learned from, which is read and described a block at a time. What the images
 * are too few for is null.
 *
 * @param second another feature space, to see whether both say the same
 */
export async function measureQuality(
  space: FeatureSpace,
  images: MeasuredImages,
  second?: FeatureSpace,
): Promise<SetQuality> {
  const some = {
    generated: await readSome(images.generated),
    heldOut: await readSome(images.heldOut),
    train: await readSome(images.train),
  };
  const count = {
    generated: countOf(images.generated),
    heldOut: countOf(images.heldOut),
    train: countOf(images.train),
  };
  const features = await describeSets(space, some);
  const { squaredDistances } = space;
  const { generated, heldOut, train } = features;
  const isEnough = (least: number, ...kinds: (keyof Sets<unknown>)[]) =>
    kinds.every((kind) => count[kind] >= least);

  const kernel = isEnough(MIN_KERNEL, 'generated', 'heldOut', 'train')
    ? await kernelDistanceWithFloor(space.kernelDistance, features)
    : null;
  const near = isEnough(MIN_NEIGHBOURS, 'generated', 'heldOut')
    ? await neighbourMetrics(squaredDistances, heldOut, generated)
    : null;
  const diversity = isEnough(MIN_MEAN, 'generated', 'train')
    ? await diversityRatio(squaredDistances, train, generated)
    : undefined;
  return {
    ...count,
    kernelDistance: kernel && {
      ...intervalOf(kernel.generated),
      floor: intervalOf(kernel.floor),
    },
    density: near && intervalOf(near.density),
    coverage: near && intervalOf(near.coverage),
    expectedCoverage: near?.expectedCoverage ?? null,
    precision: near && intervalOf(near.precision),
    recall: near && intervalOf(near.recall),
    diversityRatio: diversity ?? null,
    agreement: kernel && second ? await agreementOf(kernel, second, some) : null,
    ...(await measureProjected(
      space,
      features,
      images.learned,
      isEnough(MIN_MEAN, 'generated', 'heldOut', 'train'),
    )),
  };
}

/** What is measured in the principal components: the Fréchet distance and the two tests for copies. */
async function measureProjected(
  space: FeatureSpace,
  features: Sets<Float32Array>,
  learned: ReferenceImages | undefined,
  isEnough: boolean,
): Promise<Pick<SetQuality, 'frechetDistance' | 'dataCopying' | 'authenticity'>> {
  const none = { frechetDistance: null, dataCopying: null, authenticity: null };
  const projection = isEnough ? await space.projection() : undefined;
  if (!projection) return none;
  const { search } = projection;
  const generated = await projection.project(features.generated);
  const heldOut = await projection.project(features.heldOut);
  const frechet = frechetDistance(generated, heldOut, search.dimensions) ?? null;
  if (!learned) return { ...none, frechetDistance: frechet };
  const train = await projection.extractAll(learned, { keep: true });
  const copying = await dataCopying(search, { train, heldOut, generated });
  return {
    frechetDistance: frechet,
    dataCopying: copying?.score ?? null,
    authenticity: {
      generated: await authenticity(search, train, generated),
      heldOut: await authenticity(search, train, heldOut),
    },
  };
}

/** Whether another space too finds the generated images above, or within, what real images differ by. */
async function agreementOf(
  first: KernelDistanceWithFloor,
  space: FeatureSpace,
  images: Sets<Uint8Array>,
): Promise<boolean> {
  const second = await kernelDistanceWithFloor(
    space.kernelDistance,
    await describeSets(space, images),
  );
  return isAboveFloor(first) === isAboveFloor(second);
}

function isAboveFloor({ generated, floor }: KernelDistanceWithFloor): boolean {
  return generated.interval[0] > floor.interval[1];
}

function intervalOf({ value, interval: [low, high] }: Estimate) {
  return { estimate: value, low, high };
}

async function describeSets(
  space: FeatureSpace,
  images: Sets<Uint8Array>,
): Promise<Sets<Float32Array>> {
  return {
    generated: await space.describe(images.generated),
    heldOut: await space.describe(images.heldOut, { keep: true }),
    train: await space.describe(images.train, { keep: true }),
  };
}

/** At most 1,024 images of a set, at even distances. */
function readSome(images: ReferenceImages): Promise<Uint8Array> {
  return images.read(somePositions(images.positions, MAX_IMAGES));
}

/** How many those are. */
function countOf({ positions }: ReferenceImages): number {
  return Math.min(positions.length, MAX_IMAGES);
}
