import { describe, expect, it } from 'vitest';
import { randomStream } from '../src/random-stream.js';

const first = (index: number) => randomStream(0, 'select', 3, index).uniform();

describe('randomStream', () => {
  it('gives the same numbers for the same seed and keys, and others for others', () => {
    expect(first(7)).toBe(first(7));
    expect(new Set([first(7), first(8), randomStream(1, 'select', 3, 7).uniform()]).size).toBe(3);
  });

  it('gives neighbouring keys numbers that have nothing to do with each other', () => {
    const numbers = Array.from({ length: 8000 }, (_, index) => first(index));
    for (const apart of [0, 1, 2, 10]) {
      // How far a number is from one further on, around 1: as often in each of 16 parts; by itself, where it lies.
      const counts = new Float64Array(16);
      numbers.slice(apart).forEach((number, i) => {
        const difference = apart === 0 ? number : (number - (numbers[i] ?? 0) + 1) % 1;
        const part = Math.floor(16 * difference);
        counts[part] = (counts[part] ?? 0) + 1;
      });
      const expected = (numbers.length - apart) / 16;
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // 15 degrees of freedom: 37.7 is exceeded once in a thousand.
      expect(chiSquare).toBeLessThan(37.7);
    }
  });
});
