import { describe, expect, it } from 'vitest';
import { affordableText, smallBudgetWarning } from '../src/console/budget-text.js';
import { openBudgetTeller } from '../src/console/tell-budget.js';

it('says what a budget affords in two digits', () => {
  const one = { batchSize: 32, trainImages: 1680 };
  expect(affordableText({ ...one, steps: 2888, seconds: 300 })).toBe(
    'about 92k images, 55 epochs, in 5 min 0 s',
  );
  expect(affordableText({ ...one, steps: 20, seconds: 2 })).toBe(
    'about 640 images, 0.4 epochs, in 2 s',
  );
});

it('says when a budget is too small, and that a single step is trained all the same', () => {
  expect(smallBudgetWarning('10m', { steps: 300, batchSize: 32, copies: 1 })).toBeUndefined();
  expect(smallBudgetWarning('1kimg', { steps: 32, batchSize: 32, copies: 1 })).toMatch(
    /^The budget 1kimg is only 32 steps of 32 images; a useful run takes 300 .*--budget 10kimg/,
  );
  expect(smallBudgetWarning('0.01s', { steps: 1, batchSize: 8, copies: 1 })).toMatch(
    /^The budget 0\.01s is used up by a single step of 8 images, which is trained/,
  );
  expect(smallBudgetWarning('10kimg', { steps: 313, batchSize: 32, copies: 10 })).toMatch(
    /only 313 steps of 32 images; a useful run takes 3000 at least, shared by 10 classes .*--budget 96kimg/,
  );
});

describe('openBudgetTeller', () => {
  /** Everything said over the steps of a run whose first 15 are timed. */
  function told(totalSteps: number, from = 0): string[] {
    const lines: string[] = [];
    const tell = openBudgetTeller({
      budget: '1h',
      from,
      batchSize: 10,
      copies: 1,
      trainImages: 100,
      say: (line) => lines.push(line),
      warn: (line) => lines.push(`warning: ${line}`),
    });
    for (let step = from + 1; step <= totalSteps; step++) {
      const ran = step - from;
      tell({
        step,
        totalSteps,
        images: step * 10,
        values: {},
        imagesPerSecond: 10,
        elapsedSeconds: ran,
        secondsLeft: ran < 15 ? undefined : totalSteps - step,
      });
    }
    return lines;
  }

  it('tells once, when the first steps are timed', () => {
    expect(told(600)).toEqual(['Budget 1h: about 6.0k images, 60 epochs, in 10 min 0 s.']);
  });

  it('tells at the end of a run that is over before, with a warning', () => {
    expect(told(4)).toEqual([
      'Budget 1h: about 40 images, 0.4 epochs, in 4 s.',
      expect.stringMatching(/^warning: The budget 1h is only 4 steps/),
    ]);
  });

  it('tells what is left of a run that goes on', () => {
    expect(told(600, 500)).toEqual([
      'Budget 1h: about 1.0k images, 10 epochs, in 1 min 40 s from here on.',
    ]);
  });
});
