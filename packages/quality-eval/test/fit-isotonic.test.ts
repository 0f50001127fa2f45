import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitIsotonic } from '../src/scores/fit-isotonic.js';

const cases = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 20 }),
    y: fc.integer({ min: 0, max: 1 }),
    weight: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 40 },
);

it('never falls, and stays between 0 and 1', () => {
  fc.assert(
    fc.property(cases, (drawn) => {
      const fitted = fitIsotonic(drawn);
      const values = Array.from({ length: 23 }, (_, i) => fitted(i - 1));
      values.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(values[i - 1] ?? 0);
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThan(1);
      });
    }),
  );
});

it('is the min-max of means that defines isotonic regression', () => {
  fc.assert(
    fc.property(cases, (drawn) => {
      const fitted = fitIsotonic(drawn);
      const total = drawn.reduce((sum, { weight }) => sum + weight, 0);
      const places = [...new Set(drawn.map(({ x }) => x))].sort((a, b) => a - b);
      for (const x of places) {
        const best = Math.max(
          ...places
            .filter((from) => from <= x)
            .map((from) =>
              Math.min(
                ...places
                  .filter((to) => to >= x)
                  .map((to) => {
                    const own = drawn.filter((one) => one.x >= from && one.x <= to);
                    const weight = own.reduce((sum, one) => sum + one.weight, 0);
                    return own.reduce((sum, one) => sum + one.weight * one.y, 0) / weight;
                  }),
              ),
            ),
        );
        expect(fitted(x)).toBeCloseTo((best * total + 0.5) / (total + 1), 10);
      }
    }),
  );
});
