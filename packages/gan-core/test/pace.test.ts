import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPace } from '../src/training/pace.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Steps that take a number of milliseconds, until the run ends or `steps` are done. */
function run(
  budget: Parameters<typeof openPace>[0],
  millisecondsOf: (step: number) => number,
  steps: number,
  totalSteps: number,
) {
  const pace = openPace(budget);
  pace.start();
  let done = 0;
  while (done < Math.min(steps, totalSteps)) {
    vi.advanceTimersByTime(millisecondsOf(++done));
    totalSteps = pace.stepDone(done, totalSteps);
    // A checkpoint, which is not training.
    vi.advanceTimersByTime(5000);
    pace.start();
  }
  return { pace, done, totalSteps };
}

describe('the pace of a run', () => {
  it('turns a time budget into steps once the first steps are timed', () => {
    expect(run({ kind: 'time', seconds: 10 }, () => 100, 14, Infinity).totalSteps).toBe(Infinity);
    const { pace, totalSteps } = run({ kind: 'time', seconds: 10 }, () => 100, 15, Infinity);
    expect(pace.secondsPerStep).toBeCloseTo(0.1, 9);
    expect(totalSteps).toBeGreaterThanOrEqual(99);
    expect(totalSteps).toBeLessThanOrEqual(100);
  });

  it('ends a run that is out of time, after one step at least', () => {
    expect(run({ kind: 'time', seconds: 0.01 }, () => 100, 99, Infinity)).toMatchObject({
      done: 1,
      totalSteps: 1,
    });
  });

  it('ends with its time budget also where steps have become slower than they began', () => {
    const slowing = (step: number) => (step > 20 ? 400 : 100);
    const { done, totalSteps } = run({ kind: 'time', seconds: 10 }, slowing, 99, Infinity);
    expect([done, totalSteps]).toEqual([40, 40]);
  });

  it('leaves other budgets as they are, and times their steps', () => {
    const { pace, totalSteps } = run({ kind: 'images', images: 640 }, () => 50, 16, 20);
    expect(totalSteps).toBe(20);
    expect(pace.secondsPerStep).toBeCloseTo(0.05, 9);
    expect(pace.seconds).toBeCloseTo(0.8, 9);
    expect(pace.stepsPerSecond).toBeCloseTo(20, 6);
  });
});
