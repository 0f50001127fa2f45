import { expect, it } from 'vitest';
import { decodedTexts, openCodedTexts } from '../src/manifest/coded-texts.js';

it('keeps each of few texts once, over batches, and tells rows without one from rows that are not there', () => {
  const coded = openCodedTexts();
  const batches = [['a', null, 'b'], [], ['b', 'a', 'c']];
  for (const batch of batches) coded.add(batch.length, (index) => batch[index] ?? null);
  expect(coded.texts).toEqual(['a', 'b', 'c']);
  expect(coded.codes()).toEqual(Int32Array.of(0, -1, 1, 1, 0, 2));
  const rows = decodedTexts(coded.texts, coded.codes());
  expect([...rows]).toEqual(batches.flat());
  expect([-1, 1, 5, 6].map((row) => rows.at(row))).toEqual([undefined, null, 'c', undefined]);
});
