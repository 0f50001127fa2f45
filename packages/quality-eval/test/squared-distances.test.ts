import { expect, it } from 'vitest';
import { openSquaredDistances } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { waves } from './waves.js';

const a = waves([300, 5], { start: 1, a: 7, b: 3, scale: 2, shift: 9 });
const b = waves([280, 5], { start: 2, a: 5, b: 11, scale: 2, shift: 9 });

it('visits every pair once, with the distance that the definition gives', async () => {
  const distances = await openSquaredDistances(eagerCompiler, 5);
  const seen = new Map<string, number>();
  for await (const { rowFrom, rows, columnFrom, columns, values, stride } of distances.blocks(
    a,
    b,
  )) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const pair = `${rowFrom + i},${columnFrom + j}`;
        expect(seen.has(pair)).toBe(false);
        seen.set(pair, values[i * stride + j] ?? NaN);
      }
    }
  }
  expect(seen.size).toBe(300 * 280);
  let worst = 0;
  for (const [pair, value] of seen) {
    const [i = 0, j = 0] = pair.split(',').map(Number);
    let squared = 0;
    for (let k = 0; k < 5; k++) squared += ((a[i * 5 + k] ?? 0) - (b[j * 5 + k] ?? 0)) ** 2;
    worst = Math.max(worst, Math.abs(value - squared) / (squared + 1e-9));
  }
  expect(worst).toBeLessThan(1e-3);
});

it('is exactly 0 for copies, far from the origin too', async () => {
  const distances = await openSquaredDistances(eagerCompiler, 5);
  for await (const { rowFrom, rows, columnFrom, values, stride } of distances.blocks(a, a)) {
    if (rowFrom !== columnFrom) continue;
    for (let i = 0; i < rows; i++) expect(values[i * stride + i]).toBe(0);
  }
});
