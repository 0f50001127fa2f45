import { expect, it } from 'vitest';
import { discard } from '../src/worker/discard.js';

it('frees the memory of arrays at once', () => {
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 20; i++) discard([new Float32Array(2 ** 24).fill(1)]); // 64 MB each
  expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 28);
  const array = Float32Array.of(1, 2);
  discard([array]);
  expect(array.length).toBe(0);
});
