import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { readManifest, writeManifest } from '../src/index.js';
import { inspectImages } from '../src/inspect/inspect-images.js';
import { temporaryFolder } from './fixtures.js';

const half = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#000000' } }).composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: '#ffffff' } },
      left: 0,
      top: 0,
    },
  ]);

it('says how large, bright, rich and sharp images are, and which are none', async () => {
  const folder = temporaryFolder();
  const black = { r: 0, g: 0, b: 0, alpha: 1 };
  const images = {
    'half.png': await half(40, 20).png().toBuffer(),
    'large.jpg': await half(2000, 1000).jpeg({ quality: 95 }).toBuffer(),
    'blurred.png': await sharp(await half(40, 20).png().toBuffer())
      .blur(4)
      .png()
      .toBuffer(),
    // Turned by its orientation: the file holds 20 x 40.
    'turned.jpg': await half(20, 40).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    'clear.png': await sharp({
      create: { width: 10, height: 10, channels: 4, background: { ...black, alpha: 0 } },
    })
      .png()
      .toBuffer(),
    'cut.png': (await half(40, 20).png().toBuffer()).subarray(0, 60),
  };
  for (const [path, bytes] of Object.entries(images)) await writeFile(join(folder, path), bytes);
  const row = (path: string) => ({
    path,
    label: 'a',
    split: null,
    width: 1,
    height: 1,
    sha256: '',
  });
  const file = join(folder, 'labels.arrow');
  await writeManifest([...Object.keys(images), 'absent.png'].map(row), file);
  const manifest = await readManifest(file);
  const seen = [];
  for await (const one of inspectImages(
    manifest,
    Int32Array.from({ length: 7 }, (_, row) => row),
    { allowOutside: false },
  ))
    seen.push(one);

  const looks = seen.flatMap((one) => ('look' in one ? one.look : []));
  expect(looks.map(({ width, height }) => [width, height])).toEqual([
    [40, 20],
    [2000, 1000],
    [40, 20],
    [40, 20],
    [10, 10],
  ]);
  const [sharpHalf, large, blurred, turned, clear] = looks;
  for (const look of [sharpHalf, large, turned]) {
    expect(look?.brightness).toBeCloseTo(0.5, 1);
    expect(look?.contrast).toBeCloseTo(0.5, 1);
  }
  expect(sharpHalf?.entropy).toBeCloseTo(1, 5);
  expect(blurred?.sharpness).toBeLessThan((sharpHalf?.sharpness ?? 0) / 3);
  expect(blurred?.entropy).toBeGreaterThan(2);
  expect(clear).toMatchObject({ brightness: 0, contrast: 0, entropy: 0, sharpness: 0 });
  expect(seen.slice(5)).toEqual([
    { row: 5, path: 'cut.png', reason: expect.any(String) as string },
    { row: 6, path: 'absent.png', reason: 'there is no such file' },
  ]);
});
