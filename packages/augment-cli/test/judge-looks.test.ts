import { describe, expect, it } from 'vitest';
import { judgeLooks, type DatedLook } from '../src/stages/judge-looks.js';

/** Looks at even distances over a run, from kernel distances and the diversity of the class `bag`. */
function looks(
  kernelDistances: readonly (number | undefined)[],
  bag: readonly number[] = [],
): DatedLook[] {
  return kernelDistances.map((kernelDistance, i) => ({
    kernelDistance,
    diversity: { shirt: 0.9, ...(bag[i] !== undefined && { bag: bag[i] }) },
    progress: (i + 1) / 10,
  }));
}
const kindOf = (...args: Parameters<typeof looks>) => judgeLooks(looks(...args)).kind;

describe('judgeLooks', () => {
  it('finds nothing in a run that goes up and down', () => {
    const run = [3, 0.9, 0.4, 0.7, 0.2, 0.35, 0.1, 0.2, 0.08, 0.09];
    for (let i = 1; i <= run.length; i++) expect(kindOf(run.slice(0, i))).toBe('good');
  });

  it('names the class that collapsed, and how far', () => {
    const run = looks([1, 0.9, 0.5], [0.6, 0.5, 0.249]);
    expect(judgeLooks(run)).toEqual({
      kind: 'failed',
      reason: 'the class bag collapsed: its generated images differ 25 % as much as its real ones',
    });
    expect(kindOf([1, 0.9, 0.5], [0.6, 0.5, 0.25])).toBe('good');
  });

  it('does not call a class collapsed that was never varied, nor one early in the run', () => {
    expect(kindOf([1, 0.9, 0.5], [0.1, 0.05, 0.2])).toBe('good');
    expect(kindOf([1, 0.9], [0.6, 0.1])).toBe('good');
    expect(kindOf([1, 0.9, 0.9], [0.6, 0.1, 0.1])).toBe('failed');
  });

  it('calls one bad look suspect and two running a divergence', () => {
    expect(kindOf([1, 0.2, 1.1])).toBe('suspect');
    expect(kindOf([1, 0.2, 1.1, 0.3])).toBe('good');
    expect(kindOf([1, 0.2, 1.1, 0.3, 1.2])).toBe('suspect');
    expect(judgeLooks(looks([1, 0.2, 1.1, 1.5]))).toEqual({
      kind: 'failed',
      reason: 'the kernel distance to held-out images rose from 0.20 to 1.50',
    });
  });

  it('takes small distances, negative ones included, for no difference', () => {
    expect(kindOf([0.02, -0.001, 0.09, 0.08])).toBe('good');
    expect(kindOf([0.02, -0.001, 0.2, 0.3])).toBe('failed');
  });

  it('fails where the distance is no number, and passes where it cannot be measured', () => {
    expect(kindOf([1, NaN])).toBe('failed');
    expect(kindOf([undefined, undefined, undefined])).toBe('good');
  });
});
