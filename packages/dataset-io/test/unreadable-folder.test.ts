import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { scanImages } from '../src/index.js';
import { png, temporaryFolder, writeFiles } from './fixtures.js';

// Tests may run as a user who may read everything.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    readdirSync: vi.fn((folder: string, options: { withFileTypes: true }) => {
      if (folder.endsWith('locked')) throw new Error('EACCES: permission denied, scandir');
      return fs.readdirSync(folder, options);
    }),
  };
});

it('leaves a folder out that may not be read, and says so', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { 'a/1.png': await png(1), 'locked/2.png': await png(2) });
  const { images, quarantine } = await scanImages(folder, folder);
  expect(images.map(({ path }) => path)).toEqual(['a/1.png']);
  expect(quarantine).toEqual([
    { row: null, path: 'locked', reason: 'EACCES: permission denied, scandir' },
  ]);
  expect(readdirSync).toHaveBeenCalledWith(join(folder, 'locked'), { withFileTypes: true });
});
