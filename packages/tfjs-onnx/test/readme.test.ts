import { getGradient } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
// Registers every operation's gradient.
import '@tensorflow/tfjs-layers';
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import * as library from '../src/index.js';
import { allKernels } from '../src/kernels/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the README lists every operation once, and whether it has a gradient', () => {
  const rows = readme
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'))
    .map((line) => line.split('|').slice(2, 4));
  const listed = (column: number) =>
    rows.flatMap((cells) => cells[column]?.match(/(?<=`)\w+(?=`)/g) ?? []).sort();
  const names = [...allKernels().keys()].sort();
  const hasGradient = (name: string) => (getGradient(name) as unknown) !== undefined;
  expect(listed(0)).toEqual(names.filter(hasGradient));
  expect(listed(1)).toEqual(names.filter((name) => !hasGradient(name)));
});

it('the example of the README learns what it says', async () => {
  const example = /```js\n([^`]*?)```/.exec(readme)?.[1] ?? '';
  const body = example.replaceAll(/^import .*$/gm, '');
  const printed: unknown[] = [];
  const run = runInThisContext(
    `(async (tf, { openOnnxEngine, optimizerVariables }, console) => {${body}})`,
  ) as (...parameters: unknown[]) => Promise<void>;
  await run(tf, library, { log: (value: unknown) => printed.push(value) });
  const [weights] = printed as [Float32Array];
  expect(weights[0]).toBeCloseTo(2, 1);
  expect(weights[1]).toBeCloseTo(-1, 1);
});
