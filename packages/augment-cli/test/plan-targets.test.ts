import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../src/errors.js';
import { planTargets } from '../src/stages/plan-targets.js';

const count = (label: string, real: number, generated = 0) => ({
  label,
  rows: real + generated,
  real,
  generated,
});
const counts = [count('tshirt', 1000), count('trouser', 400), count('bag', 40, 10)];
const options = { target: [], classes: [], force: false };

const missing = (overrides: object, from = counts) =>
  planTargets(from, { ...options, ...overrides }).map((plan) => plan.missing);

describe('planTargets', () => {
  it('fills every class up to the largest one by default', () => {
    expect(missing({})).toEqual([0, 600, 950]);
  });

  it('understands a number, majority and median', () => {
    expect(missing({ targetPerClass: 500 })).toEqual([0, 100, 450]);
    expect(missing({ target: ['500'] })).toEqual([0, 100, 450]);
    expect(missing({ target: ['majority'] })).toEqual([0, 600, 950]);
    expect(missing({ target: ['median'] })).toEqual([0, 0, 350]);
  });

  it('asks for nothing of a class that the vocabulary names but the manifest has no row of', () => {
    const named = [...counts, count('hat', 0)];
    expect(missing({ target: ['majority'] }, named)).toEqual([0, 600, 950, 0]);
    expect(missing({ target: ['median'] }, named)).toEqual([0, 0, 350, 0]);
    const asked = planTargets(named, { ...options, target: ['hat=5'] }).at(-1);
    expect(asked).toMatchObject({ missing: 0, refused: 5 });
  });

  it('lets a label have its own target, alone or beside the general one', () => {
    expect(missing({ target: ['bag=60'] })).toEqual([0, 0, 10]);
    expect(missing({ target: ['500', 'bag=60'] })).toEqual([0, 100, 10]);
    expect(missing({ target: ['a=b=60'] }, [count('a=b', 50)])).toEqual([10]);
  });

  it('fills up only the classes that were chosen', () => {
    expect(missing({ classes: ['bag'] })).toEqual([0, 0, 950]);
    expect(missing({ classes: ['bag'], target: ['bag=60'] })).toEqual([0, 0, 10]);
  });

  it('has nothing to do where the target is below what is there', () => {
    expect(missing({ targetPerClass: 10 })).toEqual([0, 0, 0]);
  });

  it('refuses a class of few images, unless forced', () => {
    const few = [...counts, count('hat', 3)];
    const hat = planTargets(few, { ...options, targetPerClass: 100 }).at(-1);
    expect(hat).toMatchObject({ missing: 0, refused: 97 });
    expect(hat?.warnings[0]).toMatch(/hat: 3 real train images are too few.*--force/);
    const forced = planTargets(few, { ...options, targetPerClass: 100, force: true }).at(-1);
    expect(forced).toMatchObject({ missing: 97, refused: 0 });
  });

  it('warns of few real images and of many synthetic ones per real one', () => {
    const bag = planTargets(counts, { ...options, targetPerClass: 1000 }).at(-1);
    expect(bag?.warnings).toHaveLength(2);
    expect(bag?.warnings[1]).toMatch(/24\.0 synthetic images per real one/);
  });

  it.each([
    [{ target: ['hat=5'] }, /--target but received "hat"/],
    [{ target: ['many'] }, /received "many"/],
    [{ target: ['bag=-1'] }, /received "bag=-1"/],
    [{ target: ['bag=NaN'] }, /received "bag=NaN"/],
    [{ target: ['5', 'median'] }, /one target for all classes/],
    [{ classes: ['hat'] }, /--classes but received "hat"/],
    [{ target: ['bag=60', 'bag=70'] }, /one --target for bag but received "bag=60" and "bag=70"/],
    [
      { classes: ['tshirt'], target: ['bag=500'] },
      /--target for classes of --classes only \(tshirt\) but received "bag=500"/,
    ],
  ])('refuses %j', (overrides, message) => {
    expect(() => missing(overrides)).toThrow(UsageError);
    expect(() => missing(overrides)).toThrow(message);
  });

  it('never plans a negative number, and reaches the target exactly', () => {
    const anyCounts = fc.array(fc.record({ real: fc.nat(3000), generated: fc.nat(3000) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(anyCounts, fc.nat(5000), (sizes, target) => {
        const plans = planTargets(
          sizes.map(({ real, generated }, i) => ({
            ...count(String(i), real, generated),
            rows: 1 + real + generated,
          })),
          { ...options, targetPerClass: target, force: true },
        );
        for (const { real, generated, missing, refused } of plans) {
          expect(missing + refused).toBe(Math.max(0, target - real - generated));
        }
      }),
    );
  });
});
