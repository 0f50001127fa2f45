import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readManifest, writeManifest } from '../src/index.js';
import { read } from './arrow-files.js';
import { temporaryFolder } from './fixtures.js';

it('writes more rows than are written at once, whatever their columns', async () => {
  const file = join(temporaryFolder(), 'labels.arrow');
  const images = Array.from({ length: 70_000 }, (_, i) => ({
    path: i === 66_000 ? 'ä/👕.png' : `class-${i % 3}/${i}.png`,
    label: i === 69_999 ? 'rare' : `class-${i % 3}`,
    split: i % 5 === 0 ? null : 'train',
    width: i,
    height: i + 1,
    sha256: i.toString(16).padStart(64, '0'),
    listed: { note: i % 7 === 0 ? undefined : `note ${i}`, weight: i / 4 },
  }));
  await writeManifest(images, file);
  const manifest = await readManifest(file);
  expect(manifest.rowCount).toBe(images.length);
  expect(manifest.classes).toEqual(['class-0', 'class-1', 'class-2', 'rare']);
  const rows = await read(file);
  for (const row of [0, 1, 65_535, 65_536, 66_000, 69_999]) {
    const { listed, ...own } = images[row] ?? { listed: {} };
    expect(rows[row]).toEqual({ ...own, ...listed, note: listed.note ?? null });
  }
  expect([...manifest.paths]).toEqual(images.map(({ path }) => path));
});

it('writes a manifest without rows', async () => {
  const file = join(temporaryFolder(), 'labels.arrow');
  await writeManifest([], file);
  expect(await read(file)).toEqual([]);
});
