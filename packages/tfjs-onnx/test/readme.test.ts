import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import * as library from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

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
