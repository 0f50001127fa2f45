import { expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { nearDuplicates, openSquaredDistances } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';

it('drops what repeats something that is kept, and nothing else', async () => {
  const distances = await openSquaredDistances(eagerCompiler, 1);
  // 1.0 repeats 0.5; 1.5 repeats only 1.0, which is dropped itself.
  const line = Float32Array.of(0.5, 9, 1, 1.5, 0.5);
  expect([...(await nearDuplicates(distances, line, 0.75))]).toEqual([0, 0, 1, 0, 1]);
});

it('is what going through the images one by one gives, over several blocks', async () => {
  const [count, dimensions, distance] = [1400, 3, 0.5];
  const features = normalDeviates(1, count * dimensions);
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    const isNear = kept.some((j) => {
      let squared = 0;
      for (let k = 0; k < dimensions; k++) {
        const difference =
          (features[i * dimensions + k] ?? 0) - (features[j * dimensions + k] ?? 0);
        squared += difference * difference;
      }
      return squared < distance * distance;
    });
    if (!isNear) kept.push(i);
  }
  const distances = await openSquaredDistances(eagerCompiler, dimensions);
  const repeats = await nearDuplicates(distances, features, distance);
  expect([...repeats.keys()].filter((i) => repeats[i] === 0)).toEqual(kept);
  expect(kept.length).toBeLessThan(count / 2);
});
