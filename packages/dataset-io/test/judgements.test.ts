import { tableFromIPC } from '@uwdata/flechette';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManifestError, readJudgements, writeJudgements, type JudgementRow } from '../src/index.js';
import { temporaryFolder } from './fixtures.js';

const rows: JudgementRow[] = [
  {
    label: 'bag "<b>" 👜',
    outcome: 'held-out',
    index: null,
    path: 'images/bag/1.png',
    score: 0.5,
    probability: 0.75,
    novelty: 1.5,
    nearest: 'images/bag/2.png',
    image: null,
  },
  {
    label: 'bag "<b>" 👜',
    outcome: 'near-copy',
    index: 7,
    path: null,
    score: 0.25,
    probability: 0.125,
    novelty: 0.5,
    nearest: null,
    image: Uint8Array.of(137, 80, 78, 71),
  },
];

describe('judgements', () => {
  it('come back as they were written, a batch for each group', async () => {
    const file = newFile();
    await writeJudgements(file, [rows, [], rows.slice(1)]);
    const groups = [];
    for await (const group of readJudgements(file)) groups.push(group);
    expect(groups.filter(({ length }) => length > 0)).toEqual([rows, rows.slice(1)]);
  });

  it('are read by another reader', async () => {
    const file = newFile();
    await writeJudgements(file, [rows]);
    expect(tableFromIPC(new Uint8Array(await readFile(file))).toArray()).toEqual(rows);
  });

  it('may be none', async () => {
    const file = newFile();
    await writeJudgements(file, []);
    for await (const group of readJudgements(file)) expect(group).toEqual([]);
  });

  it('name a file of another kind', async () => {
    const file = newFile();
    await writeFile(file, 'hello, this is no Arrow file');
    await expect(readJudgements(file).next()).rejects.toThrow(ManifestError);
  });
});

function newFile(): string {
  return join(temporaryFolder(), 'judgements.arrow');
}
