import { expect, it } from 'vitest';
import { fitStandardisation } from '../src/index.js';

it('makes mean 0 and deviation 1 of what it is fitted to, and 0 of what is constant', () => {
  const features = Float32Array.of(1, 7, 3, 7, 5, 7);
  const applied = fitStandardisation(features, 2).apply(features);
  const one = Math.sqrt(3 / 2);
  [-one, 0, 0, 0, one, 0].forEach((value, i) => {
    expect(applied[i]).toBeCloseTo(value, 6);
  });
});

it('lets no dimension outweigh the others, however still it was in what this was fitted to', () => {
  const still = Float32Array.from({ length: 1000 }, (_, i) => (i === 0 ? 1e-3 : 0));
  const standard = fitStandardisation(still, 1);
  expect([...standard.apply(Float32Array.of(5, -5, 0))]).toEqual([
    10,
    -10,
    expect.closeTo(-0.03, 2),
  ]);
});
