import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimRunFolder } from '../src/run/run-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenset-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('takes a folder in which a run was killed while it wrote its first file', async () => {
  await writeFile(join(folder, `run.json.${randomUUID()}.tmp`), '{"form');
  const claimed = await claimRunFolder(folder);
  expect(claimed.previous).toBeUndefined();
  await claimed.release();
  expect(await readdir(folder)).toEqual([]);
});

it('leaves what somebody else has there', async () => {
  await writeFile(join(folder, 'notes.tmp'), 'mine');
  await expect(claimRunFolder(folder)).rejects.toThrow(/holds other files \(notes\.tmp\)/);
  expect(await readdir(folder)).toEqual(['notes.tmp']);
});
