import { expect, it } from 'vitest';
import { openProjectedFeatures, type FeatureExtractor } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { randomImages } from './images.js';

/** Three features of images of 2x2: the sum, the same in other units, and one that never changes. */
const extractor: FeatureExtractor = {
  name: 'sums',
  dimensions: 3,
  extract: (images) =>
    Promise.resolve(
      Float32Array.from({ length: (images.length / 4) * 3 }, (_, at) => {
        const own = images.subarray(Math.floor(at / 3) * 4, Math.floor(at / 3) * 4 + 4);
        const sum = own.reduce((total, value) => total + value, 0);
        return [sum, 1000 * sum, 7][at % 3] ?? 0;
      }),
    ),
  dispose: () => Promise.resolve(),
};

it('weighs features alike whatever their units, over several blocks of images', async () => {
  const images = randomImages(1, 1100, 4);
  const features = await openProjectedFeatures(eagerCompiler, extractor, {
    sample: images,
    size: 2,
    channels: 1,
  });
  expect([features.name, features.dimensions]).toEqual(['sums-pca3', 3]);
  const projected = await features.extract(images);
  expect(projected).toHaveLength(1100 * 3);
  // Both sums have variance 1, and together lie on one axis.
  const variances = [0, 1, 2].map(
    (axis) =>
      projected.filter((_, at) => at % 3 === axis).reduce((sum, value) => sum + value ** 2, 0) /
      1100,
  );
  expect(variances[0]).toBeCloseTo(2, 2);
  expect(variances[1]).toBeCloseTo(0, 4);
  expect(variances[2]).toBeCloseTo(0, 4);
});
