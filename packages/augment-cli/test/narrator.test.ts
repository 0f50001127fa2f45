import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openNarrator } from '../src/console/narrator.js';
import { openScreen } from './screen.js';

const COLUMNS = 40;

function narrated() {
  const screen = openScreen(COLUMNS);
  const streams = { stdout: new PassThrough(), stderr: screen.stream };
  return { screen, narrator: openNarrator({ quiet: false, json: false }, streams) };
}

/** A text as a terminal wraps it. */
const wrapped = (text: string) => text.match(/.{1,40}/g) ?? [];

describe('a narrator on a terminal', () => {
  it('writes whole lines above a bar that is open, and goes on below it when it is done', () => {
    const { screen, narrator } = narrated();
    const budget = 'Budget 10m: about 92k images, 55 epochs, in 9 min 58 s from here on.';
    const rollback = `At step 120, lossG is NaN; training goes back to step 100 at half the rates.`;
    narrator.say('Training on onnx.');
    const bar = narrator.progress('train', 10, 'steps');
    bar.update(3);
    narrator.say(budget);
    bar.update(5);
    narrator.warn(rollback);
    expect([screen.isCursorShown, screen.isWrapping]).toEqual([false, false]);
    bar.stop();
    narrator.say('Generating.');
    expect(screen.lines()).toEqual([
      'Training on onnx.',
      ...wrapped(budget),
      ...wrapped(`warning: ${rollback}`),
      expect.stringMatching(/^train {5}█{12}░{12} 5/),
      'Generating.',
    ]);
    expect([screen.isCursorShown, screen.isWrapping]).toEqual([true, true]);
  });

  it('leaves the terminal as it was when the process ends while a bar is open', () => {
    const { screen, narrator } = narrated();
    const others = process.listeners('exit');
    narrator.progress('train', 10, 'steps').update(3);
    expect([screen.isCursorShown, screen.isWrapping]).toEqual([false, false]);
    for (const leave of process.listeners('exit').filter((one) => !others.includes(one))) {
      leave(130);
    }
    expect([screen.isCursorShown, screen.isWrapping]).toEqual([true, true]);
  });
});
