import { expect, it } from 'vitest';
import { openPackedTexts } from '../src/manifest/packed-texts.js';

it('gives back the texts of thousands of rows, whatever is in them', () => {
  const long = 'x'.repeat(20_000_000);
  const texts = Array.from({ length: 5000 }, (_, row) => {
    if (row === 1500) return long;
    return row % 7 === 0 ? null : (['', `a/${row}.png`, 'ä\0b', '👕'][row % 4] ?? null);
  });
  const packed = openPackedTexts();
  for (const text of texts) packed.push(text);
  expect(packed.length).toBe(5000);
  const rows = packed.rows();
  expect([...rows].every((text, row) => text === texts[row])).toBe(true);
  expect([-1, 5000, 5119, 5120, 9000].map((row) => rows.at(row))).toEqual(
    new Array(5).fill(undefined),
  );
});
