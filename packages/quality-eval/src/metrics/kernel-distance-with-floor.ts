import type { Estimate } from '../statistics/estimate.js';
import type { KernelDistance } from './kernel-distance.js';

/** A kernel distance beside what real images score against real images. */
export interface KernelDistanceWithFloor {
  /** Generated against held-out real images. */
  readonly generated: Estimate;
  /** Train against held-out real images: nothing that is generated need come below. */
  readonly floor: Estimate;
}

/** Measures generated images, and real ones in the same way; a distance says little without that floor. */
export async function kernelDistanceWithFloor(
  distance: KernelDistance,
  features: {
    readonly generated: Float32Array;
    readonly train: Float32Array;
    readonly heldOut: Float32Array;
  },
  options?: { samples?: number; seed?: number },
): Promise<KernelDistanceWithFloor> {
  return {
    generated: await distance.estimate(features.generated, features.heldOut, options),
    floor: await distance.estimate(features.train, features.heldOut, options),
  };
}
