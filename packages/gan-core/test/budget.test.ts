import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBudget, trainingOptions } from '../src/index.js';

describe('parseBudget', () => {
  it.each([
    ['90s', { kind: 'time', seconds: 90 }],
    ['10m', { kind: 'time', seconds: 600 }],
    ['1.5h', { kind: 'time', seconds: 5400 }],
    ['300kimg', { kind: 'images', images: 300_000 }],
    ['50epochs', { kind: 'epochs', epochs: 50 }],
    ['1epoch', { kind: 'epochs', epochs: 1 }],
  ])('reads %s', (text, budget) => {
    expect(parseBudget(text)).toEqual(budget);
  });

  it('refuses everything else, naming it', () => {
    for (const text of ['', '10', 'm', '-5m', '0s', '10 m', 'NaNs', '1e3s', '10min']) {
      expect(() => parseBudget(text)).toThrow(`but received "${text}"`);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\d+(\.\d+)?(s|m|h|kimg|epochs?)$/.test(text));
        expect(() => parseBudget(text)).toThrow(RangeError);
      }),
    );
  });

  it('is what the option accepts', () => {
    expect(trainingOptions.safeParse({ budget: '10m' }).success).toBe(true);
    expect(trainingOptions.safeParse({ budget: 'soon' }).success).toBe(false);
  });
});
