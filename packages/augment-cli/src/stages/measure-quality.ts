import {
  authenticity,
  dataCopying,
  diversityRatio,
  frechetDistance,
  kernelDistanceWithFloor,
  neighbourMetrics,
  type Estimate,
  type KernelDistanceWithFloor,
} from '@evenset/quality-eval';
import type { SetQuality } from '../run/set-quality.js';
import { evenly } from './evenly.js';
import type { FeatureSpace } from './feature-space.js';

/** Images of each kind that are measured, at most: the interval of a kernel distance takes time with their square. */
export const MAX_IMAGES = 1024;
/** Images on each side below which a bootstrap interval is narrower than it should be. */
export const MIN_KERNEL = 10;
/** Images on each side below which neighbours say nothing of a class. Source: the recipe of density and coverage. */
export const MIN_NEIGHBOURS = 50;
/** Images on each side below which a mean distance, or a share of the images, is a matter of chance. */
export const MIN_MEAN = 20;

/** Images of one class, or of all: uint8 [n, size, size, channels] each. */
export interface MeasuredImages {
  readonly generated: Uint8Array;
  /** Real images that neither trained the model nor chose its checkpoint. */
  readonly heldOut: Uint8Array;
  /** What the model learned from, one image for each content. */
  readonly train: Uint8Array;
}

type Sets = Record<keyof MeasuredImages, Float32Array>;

/**
 * Measures generated images against real ones; of more than 1,024 of a kind every so-manyth is taken. What the images
 * are too few for is null.
 *
 * @param image what one image takes
 * @param second another feature space, to see whether both say the same
 */
export async function measureQuality(
  space: FeatureSpace,
  images: MeasuredImages,
  image: { readonly size: number; readonly channels: number },
  second?: FeatureSpace,
): Promise<SetQuality> {
  const bytes = image.size * image.size * image.channels;
  const some = mapSets(images, (set) => takeEvenly(set, bytes));
  const count = mapSets(some, (set) => set.length / bytes);
  const features = await describeSets(space, some);
  const { squaredDistances } = space;
  const { generated, heldOut, train } = features;
  const isEnough = (least: number, ...kinds: (keyof MeasuredImages)[]) =>
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
      isEnough(MIN_MEAN, 'generated', 'heldOut', 'train'),
    )),
  };
}

/** What is measured in the principal components: the Fréchet distance and the two tests for copies. */
async function measureProjected(
  space: FeatureSpace,
  features: Sets,
  isEnough: boolean,
): Promise<Pick<SetQuality, 'frechetDistance' | 'dataCopying' | 'authenticity'>> {
  const none = { frechetDistance: null, dataCopying: null, authenticity: null };
  const projection = isEnough ? await space.projection() : undefined;
  if (!projection) return none;
  const { search } = projection;
  const generated = await projection.project(features.generated);
  const heldOut = await projection.project(features.heldOut);
  const train = await projection.project(features.train);
  const copying = await dataCopying(search, { train, heldOut, generated });
  return {
    frechetDistance: frechetDistance(generated, heldOut, search.dimensions) ?? null,
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
  images: MeasuredImages,
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

async function describeSets(space: FeatureSpace, images: MeasuredImages): Promise<Sets> {
  return {
    generated: await space.describe(images.generated),
    heldOut: await space.describe(images.heldOut, { keep: true }),
    train: await space.describe(images.train, { keep: true }),
  };
}

function mapSets<T>(images: MeasuredImages, map: (set: Uint8Array) => T) {
  return {
    generated: map(images.generated),
    heldOut: map(images.heldOut),
    train: map(images.train),
  };
}

/** At most 1,024 images of a set, at even distances. */
function takeEvenly(set: Uint8Array, bytes: number): Uint8Array {
  const count = set.length / bytes;
  if (count <= MAX_IMAGES) return set;
  const taken = new Uint8Array(MAX_IMAGES * bytes);
  for (const [i, at] of evenly(count, MAX_IMAGES).entries()) {
    taken.set(set.subarray(at * bytes, (at + 1) * bytes), i * bytes);
  }
  return taken;
}
