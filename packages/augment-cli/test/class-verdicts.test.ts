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
const words = (changes: Partial<ClassResult>, judged?: Judged) =>
  classVerdicts({ ...well, ...changes }, judged).map(({ word }) => word);

type Judged = NonNullable<Parameters<typeof classVerdicts>[1]>;

/** Judged candidates of these novelties, NaN where nobody asked. */
function judgedAs(accepted: readonly number[], rejected: readonly number[]): Judged {
  const figures = (novelties: readonly number[]) => ({
    scores: novelties.map(() => 0.5),
    novelties: [...novelties],
  });
  return { accepted: figures(accepted), rejected: figures(rejected) };
}
const times = (count: number, novelty: number) => Array<number>(count).fill(novelty);

describe('classVerdicts', () => {
  it('has only good to say of a class that is well', () => {
    expect(words({})).toEqual(['On target', 'Close']);
  });

  it('says what is wrong, the worst first', () => {
    expect(words({ accepted: 40, quality })).toEqual(['Short', 'Copies', 'Told apart', 'Differs']);
    const [short] = classVerdicts({ ...well, accepted: 40 }, undefined);
    expect(short?.text).toMatch(/^40 of 100 .*low-score, 32 % of 150/);
    const [drawn] = classVerdicts(
      { ...well, accepted: 40, rejected: { 'not-selected': 99 } },
      undefined,
    );
    expect(drawn?.text).not.toMatch(/rejected for/);
  });

  it('tells many near copies from the few that chance makes', () => {
    const of100 = (copies: number) => judgedAs(times(100 - copies, 1.4), times(copies, 0.9));
    expect(words({}, of100(5))).not.toContain('Near copies');
    expect(words({}, of100(6))).toContain('Near copies');
    // Of those that are compared with train images: what a score rejects is not.
    expect(words({}, judgedAs(times(56, 1), [...times(4, 0.5), ...times(90, NaN)]))).toContain(
      'Near copies',
    );
    // Whatever else they are rejected for.
    const others = { rejected: { 'other-class': 12, 'near-copy': 2 } };
    const said = classVerdicts({ ...well, ...others }, of100(14));
    expect(said.find(({ word }) => word === 'Near copies')?.text).toMatch(/^14 % of/);
  });

  it('says that it cannot tell where nothing could be measured', () => {
    const why = (changes: Partial<ClassResult>) =>
      classVerdicts({ ...well, ...changes }, undefined).find(({ word }) => word === 'Cannot tell')
        ?.text;
    expect(why({ quality: null })).toMatch(/was not measured/);
    expect(why({ quality: null, accepted: 0, attempts: 0 })).toMatch(/^Too few different real/);
    const unmeasured = { ...quality, kernelDistance: null, heldOut: 200 };
    expect(why({ quality: { ...unmeasured, generated: 4 } })).toMatch(
      /: 4 accepted images, and it takes 10 of each kind\.$/,
    );
    expect(why({ quality: { ...unmeasured, generated: 4, train: 9 } })).toMatch(
      /: 4 accepted and 9 different real train images, /,
    );
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
