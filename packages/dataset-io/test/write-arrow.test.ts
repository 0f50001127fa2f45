import { Table, Utf8, vectorFromArray, type RecordBatch } from 'apache-arrow';
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeArrow } from '../src/output/write-arrow.js';
import { read } from './arrow-files.js';
import { temporaryFolder } from './fixtures.js';

const BATCH_BYTES = 100_000;

function batchOf(text: string): RecordBatch {
  const [batch] = new Table({ text: vectorFromArray([text], new Utf8()) }).batches;
  if (!batch) throw new Error('A table of one row has no batch.');
  return batch as RecordBatch;
}

it('asks for a batch when those before it are in the file', async () => {
  const folder = temporaryFolder();
  const sizes: number[] = [];
  async function* batches(): AsyncGenerator<RecordBatch> {
    for (let i = 0; i < 10; i++) {
      const [file] = readdirSync(folder);
      sizes.push(file === undefined ? 0 : statSync(join(folder, file)).size);
      yield await Promise.resolve(batchOf('x'.repeat(BATCH_BYTES)));
    }
  }
  const file = join(folder, 'a.arrow');
  await writeArrow(file, batches());
  sizes.forEach((size, i) => {
    expect(size).toBeGreaterThanOrEqual(i * BATCH_BYTES);
  });
  expect(await read(file)).toHaveLength(10);
});

it('passes on what goes wrong in the batches, and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  async function* batches(): AsyncGenerator<RecordBatch> {
    yield await Promise.resolve(batchOf('x'));
    throw new RangeError('no more');
  }
  await expect(writeArrow(join(folder, 'a.arrow'), batches())).rejects.toThrow('no more');
  expect(readdirSync(folder)).toEqual([]);
});

it('makes no folder where there is no batch, and blames itself for no error of the batches', async () => {
  const folder = temporaryFolder();
  async function* batches(): AsyncGenerator<RecordBatch> {
    await readFile(join(folder, 'gone'));
    yield batchOf('x');
  }
  const failed = writeArrow(join(folder, 'new', 'a.arrow'), batches());
  await expect(failed).rejects.toThrow(/^ENOENT: .*gone/);
  async function* batchesOf(rows: readonly string[]): AsyncGenerator<RecordBatch> {
    for (const row of rows) yield await Promise.resolve(batchOf(row));
  }
  const empty = writeArrow(join(folder, 'new', 'a.arrow'), batchesOf([]));
  await expect(empty).rejects.toThrow('There is nothing to write');
  expect(readdirSync(folder)).toEqual([]);
});
