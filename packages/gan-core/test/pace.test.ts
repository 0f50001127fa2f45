import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseBudget } from '../src/training/budget.js';
import { openPace, type Pace } from '../src/training/pace.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Does steps of so many milliseconds each. @returns steps in all as known in the end */
function train(pace: Pace, from: number, count: number, ms: number, totalSteps: number): number {
  for (let step = from + 1; step <= from + count; step++) {
    vi.advanceTimersByTime(ms);
    totalSteps = pace.stepDone(step, totalSteps);
  }
  return totalSteps;
}

it('judges a time budget by some seconds of steps, and tells the rest by all so far', () => {
  const pace = openPace(parseBudget('100s'));
  // Warm-up is slow, and the first steps are fast by chance.
  expect(train(pace, 0, 3, 1000, Infinity)).toBe(Infinity);
  expect(train(pace, 3, 20, 50, Infinity)).toBe(Infinity);
  expect(pace.secondsLeft(23, Infinity)).toBeUndefined();
  const total = train(pace, 23, 19, 110, Infinity);
  // 39 steps in 3.09 s: the 93.91 s that are left are worth 1,185 more.
  expect(total).toBe(42 + 1185);
  expect(pace.secondsLeft(42, total)).toBeCloseTo(93.9, 1);
  expect(train(pace, 42, 200, 150, total)).toBe(total);
  // 239 steps in 33.09 s: the 985 that are left would take 136 s, but 63.91 are left of the budget.
  expect(pace.secondsLeft(242, total)).toBeCloseTo(63.9, 1);
  expect(train(pace, 242, 427, 150, total)).toBe(669);
});

it('judges a short time budget by a twentieth of it', () => {
  const pace = openPace(parseBudget('2s'));
  expect(train(pace, 0, 15, 10, Infinity)).toBe(15 + 185);
});

it('gives the time of steps back that are done again', () => {
  const pace = openPace(parseBudget('2s'));
  const total = train(pace, 0, 15, 10, Infinity);
  expect(train(pace, 15, 185, 10, total)).toBe(total);
  pace.giveBack(100);
  expect(train(pace, 100, 99, 10, total)).toBe(total);
});

it('keeps a number of images, however long they take', () => {
  const pace = openPace(parseBudget('64kimg'));
  expect(train(pace, 0, 100, 1000, 2000)).toBe(2000);
  expect(pace.secondsLeft(100, 2000)).toBeCloseTo(1900);
});
