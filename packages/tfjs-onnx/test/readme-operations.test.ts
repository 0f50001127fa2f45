import { getGradient } from '@tensorflow/tfjs-core';
// Registers every operation's gradient.
import '@tensorflow/tfjs-layers';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
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
