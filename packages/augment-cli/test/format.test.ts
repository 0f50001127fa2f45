import { expect, it } from 'vitest';
import { formatDuration, formatShare, formatTable } from '../src/console/format.js';
import { plainText } from '../src/console/plain-text.js';

it('says durations as people do', () => {
  expect([0, 59.4, 61, 3600, 7860].map(formatDuration)).toEqual([
    '0 s',
    '59 s',
    '1 min 1 s',
    '1 h 0 min',
    '2 h 11 min',
  ]);
});

it('keeps small shares visible', () => {
  expect([formatShare(0, 0), formatShare(1, 1000), formatShare(61, 100)]).toEqual([
    '0 %',
    '0.1 %',
    '61 %',
  ]);
});

it('aligns columns, whatever the labels', () => {
  expect(
    formatTable([
      ['class', 'n'],
      ['👕', 10],
      ['bag', 7],
    ]),
  ).toBe('class   n\n👕     10\nbag     7');
});

it('spells out what would move the cursor or turn the text around', () => {
  expect(plainText('a\u001b[2J\nb\u202ec\u0007\u009b')).toBe(
    'a\\u{1b}[2J\\u{a}b\\u{202e}c\\u{7}\\u{9b}',
  );
  expect(plainText('👕 <b> "é"')).toBe('👕 <b> "é"');
});
