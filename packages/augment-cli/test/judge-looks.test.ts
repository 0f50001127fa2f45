import { describe, expect, it } from 'vitest';
import { judgeLooks, uniformClasses, type DatedLook } from '../src/stages/judge-looks.js';

/** Looks at every tenth of a run of `steps`, from kernel distances and the diversity of the class `bag`. */
function looks(
  kernelDistances: readonly (number | undefined)[],
  bag: readonly number[] = [],
  steps = 3000,
): DatedLook[] {
  return kernelDistances.map((kernelDistance, i) => ({
    kernelDistance,
    diversity: { shirt: 0.9, ...(bag[i] !== undefined && { bag: bag[i] }) },
    step: ((i + 1) * steps) / 10,
    progress: (i + 1) / 10,
  }));
}
const judged = (...args: Parameters<typeof looks>) => judgeLooks(looks(...args));
const kindOf = (...args: Parameters<typeof looks>) => judged(...args).kind;

describe('judgeLooks', () => {
  // As seen on real runs.
  it.each([
    ['that goes up and down', [13, 40, 7, 3.2, 7.4, 5.2, 3.9, 4.4, 3, 1.3], 3000],
    ['with one look far out', [13, 33, 7.5, 3.2, 9, 3, 3.8, 286, 3.4, 2.6], 3000],
    ['that is far out before it has learned', [12.5, 4.1, 203, 113, 12.5, 1.7, 2, 1.8], 250],
  ])('finds nothing in a run %s', (_name, run, steps) => {
    for (let i = 1; i <= run.length; i++) {
      expect(kindOf(run.slice(0, i), [], steps)).not.toBe('failed');
    }
  });

  it('names the class that collapsed, and how far', () => {
    const run = [9, 4, 2, 2];
    expect(judged(run, [0.6, 0.5, 0.5, 0.249])).toEqual({
      kind: 'failed',
      reason: 'the class bag collapsed: its generated images differ 25 % as much as its real ones',
    });
    expect(kindOf(run, [0.6, 0.5, 0.5, 0.25])).toBe('good');
  });

  it('does not call a class collapsed that was never varied, or only as noise is', () => {
    expect(kindOf([9, 4, 2, 2], [0.1, 0.05, 0.3, 0.2])).toBe('good');
    expect(kindOf([9, 4, 2, 2], [0.9, 0.5, 0.2, 0.2])).toBe('good');
    expect(kindOf([9, 4, 2, 2], [0.9, 0.9, 0.9, 0.2], 600)).toBe('good');
  });

  it('calls one look far out suspect and two running a divergence', () => {
    expect(kindOf([9, 4, 2, 41])).toBe('suspect');
    expect(kindOf([9, 4, 2, 41, 3])).toBe('good');
    expect(kindOf([9, 4, 2, 41, 3, 50])).toBe('suspect');
    expect(judged([9, 4, 2, 41, 50])).toEqual({
      kind: 'failed',
      reason: 'the kernel distance to held-out images rose from 2.00 to 50.00',
    });
  });

  it('takes small distances, negative ones included, for no difference', () => {
    expect(kindOf([2, 0.1, -0.001, 4, 4.9])).toBe('good');
    expect(kindOf([2, 0.1, -0.001, 5.1, 6])).toBe('failed');
  });

  it('fails where the distance is no number, and passes where it cannot be measured', () => {
    expect(kindOf([1, NaN])).toBe('failed');
    expect(kindOf([undefined, undefined, undefined, undefined])).toBe('good');
  });
});

it('names the classes that are hardly varied', () => {
  expect(uniformClasses({ diversity: { bag: 0.2, shirt: 0.25, dress: 0 } })).toEqual([
    ['bag', 0.2],
    ['dress', 0],
  ]);
});
