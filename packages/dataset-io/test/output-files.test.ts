import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readGeneratedRows, readManifest, readThumbnails } from '../src/index.js';
import { exportImageFolder } from '../src/output/export-image-folder.js';
import { placeRealImages } from '../src/output/place-real-images.js';
import { writeAugmentedManifest } from '../src/output/write-augmented-manifest.js';
import { generated, preparedOutput } from './arrow-files.js';
import { greyPng, writeFiles } from './fixtures.js';

describe('what lies beside the manifest', () => {
  it('lets unchanged rows resolve from the output folder, and overwrites nothing', async () => {
    const { folder, out, manifest } = await preparedOutput();
    await placeRealImages(manifest, Int32Array.of(0, 1), out);
    await placeRealImages(manifest, Int32Array.of(0, 1), out);
    expect(await readFile(join(out, 'b/1.png'))).toEqual(await readFile(join(folder, 'b/1.png')));
    const other = join(folder, 'other');
    await mkdir(join(other, 'a'), { recursive: true });
    await writeFile(join(other, 'a/1.png'), 'the user has this already');
    await expect(placeRealImages(manifest, Int32Array.of(0), other)).rejects.toThrow(
      /exists with other content/,
    );
    expect(await readFile(join(other, 'a/1.png'), 'utf8')).toBe('the user has this already');
  });

  it('exports folders as ImageFolder reads them', async () => {
    const { out, manifest } = await preparedOutput();
    const dataset = {
      manifest,
      readableRows: Int32Array.of(0, 1),
      generated: [generated(0, { path: 'images/bag/0.png' })],
    };
    await exportImageFolder(dataset, out, () => undefined);
    const target = join(out, 'image-folder');
    expect(existsSync(join(target, 'train/a/0000000-1.png'))).toBe(true);
    expect(existsSync(join(target, 'train/a/generated-0.png'))).toBe(true);
  });

  it('tells what an output says of its generated rows, and shows their images', async () => {
    const { out, manifest } = await preparedOutput();
    const file = join(out, 'labels.arrow');
    const rows = [generated(0), generated(1, { path: 'images/bag/gone.png', novelty: 2 })];
    await writeAugmentedManifest(manifest, rows, file);
    await writeFiles(out, { 'images/bag/0.png': await greyPng(200) });
    const written = await readManifest(file, { allowOutside: true });
    const told = [];
    for await (const group of readGeneratedRows(written)) told.push(...group);
    const own = { nearest: 'a.png', generator: 'f00d' };
    expect(told).toEqual([
      { row: 2, score: 0.25, novelty: 1.5, index: 0, ...own },
      { row: 3, score: Math.fround(0.35), novelty: 2, index: 1, ...own },
    ]);
    const side = 16;
    const options = { side, fit: 'cover', background: '#000000' } as const;
    const thumbnails = await readThumbnails(written, [2, 3], options);
    expect([...thumbnails.keys()]).toEqual([2]);
    const { data, info } = await sharp(thumbnails.get(2))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.format]).toEqual([side, side, 'raw']);
    expect([...data].every((value) => value === 200)).toBe(true);
  });
});
