import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../src/review/decisions.js';
import { countEntries, openJournal } from '../src/review/open-journal.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenset-journal-'));
  file = join(folder, 'review.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const entry = (row: number): JournalEntry => ({ act: 'decide', changes: [[row, 'rejected']] });
const append = async (...entries: JournalEntry[]) => {
  const journal = await openJournal(file, 'cafe');
  await journal.append(entries);
  await journal.close();
};

describe('openJournal', () => {
  it('makes no file before there is something to keep, and gives back what was kept', async () => {
    const journal = await openJournal(file, 'cafe');
    await journal.close();
    await expect(readFile(file)).rejects.toThrow(/ENOENT/);
    expect(await countEntries(file)).toBe(0);
    await append(entry(1), { act: 'undo', changes: [[1, null]] });
    await append(entry(2));
    const { entries } = await openJournal(file, 'cafe');
    expect(entries).toEqual([entry(1), { act: 'undo', changes: [[1, null]] }, entry(2)]);
    expect(await countEntries(file)).toBe(3);
  });

  it('drops a line that was cut short anywhere, and nothing else', async () => {
    await append(entry(1));
    const whole = await readFile(file, 'utf8');
    const start = whole.indexOf('\n') + 1;
    for (let length = 0; length < whole.length; length++) {
      await writeFile(file, whole.slice(0, length));
      await append(entry(2));
      const { entries } = await openJournal(file, 'cafe');
      expect(entries).toEqual([entry(2)]);
      expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
    }
    await writeFile(file, whole + whole.slice(start, start + 9));
    await append(entry(3));
    expect((await openJournal(file, 'cafe')).entries).toEqual([entry(1), entry(3)]);
  });

  it.each([
    ['of another manifest', 'beef', '', /belong to another labels\.arrow/],
    ['with a line that is no JSON', 'cafe', 'x\n', /Expected JSON in line 3 of .*review\.jsonl/],
    ['with a line of another kind', 'cafe', '{"act":"jump"}\n', /line 3 of .*: act: /],
  ])('refuses one %s', async (_what, sha256, more, message) => {
    await append(entry(1));
    await appendFile(file, more);
    await expect(openJournal(file, sha256)).rejects.toThrow(message);
  });
});
