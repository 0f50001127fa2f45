import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
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
  const [old, recent] = [randomUUID(), randomUUID()].map((id) => `run.json.${id}.tmp`);
  for (const name of [old, recent]) await writeFile(join(folder, name ?? ''), '{"form');
  await utimes(join(folder, old ?? ''), 1, 1);
  const claimed = await claimRunFolder(folder);
  expect(claimed.previous).toBeUndefined();
  await claimed.release();
  // Somebody may be writing the recent one.
  expect(await readdir(folder)).toEqual([recent]);
});

it('leaves what somebody else has there', async () => {
  await writeFile(join(folder, 'notes.tmp'), 'mine');
  await expect(claimRunFolder(folder)).rejects.toThrow(/holds other files \(notes\.tmp\)/);
  expect(await readdir(folder)).toEqual(['notes.tmp']);
});
