import type { Engine } from '@evenset/gan-core';
import { imagesInMemory } from '@evenset/quality-eval';
import type { SetQuality } from '../run/set-quality.js';
import { classImages } from './class-images.js';
import { openFeatureSpace, type FeatureSpace } from './feature-space.js';
import { measureQuality } from './measure-quality.js';
import type { Labels } from './open-label-gate.js';
import type { Input } from './read-input.js';

/** Measures what was generated of a class. */
export interface ClassQuality {
  /** @param generated uint8 [n, size, size, channels] */
  measure(label: number, generated: Uint8Array): Promise<SetQuality>;
  dispose(): Promise<void>;
}

/**
 * Opens the measures of classes.
 *
 * @param labels their classifier's features are the second space, to see whether both say the same
 */
export async function openClassQuality(
  input: Input,
  engine: Engine,
  space: FeatureSpace,
  labels: Labels | undefined,
): Promise<ClassQuality> {
  const { size, channels } = input.pixels;
  const second = labels && (await openFeatureSpace(input, engine, labels.classifier.extractor));
  return {
    measure(label, generated) {
      const { different, calibrate } = classImages(input, label);
      return measureQuality(
        space,
        {
          generated: imagesInMemory(generated, size * size * channels),
          heldOut: calibrate,
          train: different,
          learned: different,
        },
        second,
      );
    },
    dispose: async () => second?.dispose(),
  };
}
