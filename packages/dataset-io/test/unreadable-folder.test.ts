import { opendirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { buildManifest, readManifest } from '../src/index.js';
import { png, temporaryFolder, writeFiles } from './fixtures.js';

// Tests may run as a user who may read everything.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    opendirSync: vi.fn((folder: string) => {
      if (folder.endsWith('locked')) throw new Error('EACCES: permission denied, opendir');
      return fs.opendirSync(folder);
    }),
  };
});

it('leaves a folder out that may not be read, and says so', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { 'a/1.png': await png(1), 'locked/2.png': await png(2) });
  const file = join(folder, 'labels.arrow');
  const { quarantine } = await buildManifest(folder, file);
  expect([...(await readManifest(file)).paths]).toEqual(['a/1.png']);
  expect(quarantine).toEqual([
    { row: null, path: 'locked', reason: 'EACCES: permission denied, opendir' },
  ]);
  expect(opendirSync).toHaveBeenCalledWith(join(folder, 'locked'));
});
