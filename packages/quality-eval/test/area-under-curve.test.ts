import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areaUnderCurve } from '../src/index.js';

const logits = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 });

it('is the share of pairs that are in order, ties by half', () => {
  fc.assert(
    fc.property(logits, logits, (real, fake) => {
      let pairs = 0;
      for (const a of real) for (const b of fake) pairs += a > b ? 1 : a === b ? 0.5 : 0;
      expect(areaUnderCurve(real, fake)).toBeCloseTo(pairs / (real.length * fake.length), 12);
    }),
  );
});

it('needs logits of both sides', () => {
  expect(() => areaUnderCurve([1], [])).toThrow('received 1 real and 0 generated');
});
