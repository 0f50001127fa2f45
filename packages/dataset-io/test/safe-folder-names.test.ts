import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeFolderNames } from '../src/index.js';

it('keeps plain labels', () => {
  expect(safeFolderNames(['tshirt', 'T-Shirt 2', 'v1.0'])).toEqual(['tshirt', 'T-Shirt 2', 'v1.0']);
});

it('gives every label a folder of its own that no file system refuses', () => {
  const nasty = [
    '..',
    '.',
    'a/b',
    'a\\b',
    '👕',
    'con',
    'NUL',
    'x'.repeat(300),
    '',
    'a\u0000',
    'dot.',
    'Bag',
    'bag',
    ' ',
    '-rf',
  ];
  const label = fc.oneof(fc.string(), fc.constantFrom(...nasty));
  fc.assert(
    fc.property(fc.uniqueArray(label), (labels) => {
      const names = safeFolderNames(labels);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(labels.length);
      for (const name of names) {
        expect(name).toMatch(/^[\w-][\w .-]*$/);
        expect(name).not.toMatch(/[ .]$/);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/i);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(80);
      }
    }),
  );
});
