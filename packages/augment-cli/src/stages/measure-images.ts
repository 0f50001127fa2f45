import {
  densityCoverage,
  diversityRatio,
  type DensityCoverage,
  type KernelEstimate,
} from '@evenset/quality-eval';
import type { FeatureSpace } from './feature-space.js';

/** Neighbours that density and coverage look at; fewer real images say nothing. */
const NEIGHBOURS = 5;

/** How near generated images are to real ones. */
export interface ImageFigures {
  /** null for fewer than two images on a side. */
  readonly kernelDistance: KernelEstimate | null;
  /** null for fewer than six real images. */
  readonly densityCoverage: DensityCoverage | null;
  /** Mean distance of generated pairs over that of real pairs; null where it is not defined. */
  readonly diversity: number | null;
}

/**
 * Measures images in a feature space.
 *
 * @param real features of real images that the model has not seen, [n, d]
 * @param generated [m, d]
 */
export async function measureImages(
  { kernelDistance, squaredDistances }: FeatureSpace,
  real: Float32Array,
  generated: Float32Array,
): Promise<ImageFigures> {
  const { dimensions } = squaredDistances;
  const [ofReal, ofGenerated] = [real.length / dimensions, generated.length / dimensions];
  if (ofReal < 2 || ofGenerated < 2) {
    return { kernelDistance: null, densityCoverage: null, diversity: null };
  }
  return {
    kernelDistance: await kernelDistance.estimate(generated, real),
    densityCoverage:
      ofReal > NEIGHBOURS
        ? await densityCoverage(squaredDistances, real, generated, NEIGHBOURS)
        : null,
    diversity: (await diversityRatio(squaredDistances, real, generated)) ?? null,
  };
}
