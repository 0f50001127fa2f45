import { describe, expect, it } from 'vitest';
import { classVerdicts } from '../src/report/class-verdicts.js';
import type { ClassResult } from '../src/run/run-record.js';
import { quality } from './report-fixture.js';

const well: ClassResult = {
  label: 'bag',
  real: 100,
  generated: 0,
  target: 200,
  missing: 100,
  refused: 0,
  accepted: 100,
  attempts: 150,
  rejected: { 'low-score': 48, 'near-copy': 2 },
  warnings: [],
  calibrationImages: 40,
  noveltyBasis: 'held-out',
  quality: {
    ...quality,
    auc: 0.7,
    dataCopying: 0.5,
    kernelDistance: {
      estimate: 0.02,
      low: -0.1,
      high: 0.1,
      floor: { estimate: 0, low: -0.1, high: 0.1 },
    },
  },
};
const words = (changes: Partial<ClassResult>) =>
  classVerdicts({ ...well, ...changes }).map(({ word }) => word);

describe('classVerdicts', () => {
  it('has only good to say of a class that is well', () => {
    expect(words({})).toEqual(['On target', 'Close']);
  });

  it('says what is wrong, the worst first', () => {
    expect(words({ accepted: 40, quality })).toEqual(['Short', 'Copies', 'Told apart', 'Differs']);
    const [short] = classVerdicts({ ...well, accepted: 40 });
    expect(short?.text).toMatch(/^40 of 100 .*low-score, 32 % of 150/);
    const [drawn] = classVerdicts({ ...well, accepted: 40, rejected: { 'not-selected': 99 } });
    expect(drawn?.text).not.toMatch(/rejected for/);
  });

  it('tells many near copies from the few that chance makes', () => {
    expect(words({ rejected: { 'near-copy': 2 } })).not.toContain('Near copies');
    expect(words({ rejected: { 'near-copy': 9 } })).toContain('Near copies');
    // Of those that are compared with train images: what a score rejects is not.
    const few = { 'low-score': 60, 'not-selected': 30, 'near-copy': 4 };
    expect(words({ rejected: few })).toContain('Near copies');
  });

  it('says that it cannot tell where nothing could be measured', () => {
    expect(words({ quality: null, calibrationImages: 5 })).toEqual(['Cannot tell', 'On target']);
    expect(
      words({ quality: { ...quality, auc: null, kernelDistance: null, dataCopying: null } }),
    ).toContain('Cannot tell');
  });

  it('names classes that were refused or complete', () => {
    expect(words({ missing: 0, refused: 100 })).toEqual(['Refused']);
    expect(words({ missing: 0 })).toEqual(['Complete']);
  });

  it('says it where images are all alike or two feature spaces disagree', () => {
    const odd = { ...well.quality, ...quality, diversityRatio: 0.2, agreement: false };
    expect(words({ quality: odd })).toEqual(expect.arrayContaining(['Little variety', 'Unsure']));
  });
});
