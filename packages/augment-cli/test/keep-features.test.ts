import type { FeatureExtractor } from '@evenset/quality-eval';
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFeatures } from '../src/stages/keep-features.js';

const IMAGE = { size: 4, channels: 1 };
const BYTES = 16;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenset-features-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Sum and first pixel of each image; `described` counts the images. */
function sums(): FeatureExtractor & { described: number } {
  return {
    name: 'sums',
    dimensions: 2,
    described: 0,
    extract(images) {
      const rows = Array.from({ length: images.length / BYTES }, (_, i) =>
        images.subarray(i * BYTES, (i + 1) * BYTES),
      );
      this.described += rows.length;
      const features = rows.flatMap((row) => [row.reduce((a, b) => a + b, 0), row[0] ?? 0]);
      return Promise.resolve(Float32Array.from(features));
    },
    dispose: () => Promise.resolve(),
  };
}

const images = (count: number, from = 0) =>
  Uint8Array.from({ length: count * BYTES }, (_, at) => (from * BYTES + at * 7) % 251);

async function openKept(name: string) {
  const extractor = sums();
  const warnings: string[] = [];
  const kept = await keepFeatures(extractor, join(folder, name), IMAGE, (text) =>
    warnings.push(text),
  );
  return { extractor, kept, warnings };
}

describe('keepFeatures', () => {
  it('describes an image that comes again once, in this run and in later ones', async () => {
    const expected = await sums().extract(images(6));
    const first = await openKept('again');
    expect(await first.kept.extract(images(4), { keep: true })).toEqual(expected.subarray(0, 8));
    expect(await first.kept.extract(images(6), { keep: true })).toEqual(expected);
    expect(first.extractor.described).toBe(6);
    await first.kept.dispose();

    const second = await openKept('again');
    const twice = Buffer.concat([images(6), images(6)]);
    expect(await second.kept.extract(twice, { keep: true })).toEqual(
      Float32Array.from([...expected, ...expected]),
    );
    expect([second.extractor.described, second.warnings]).toEqual([0, []]);
    await second.kept.dispose();
  });

  it('keeps nothing of images that do not come again', async () => {
    const { kept, extractor } = await openKept('once');
    await kept.extract(images(3));
    await kept.extract(images(3));
    await kept.dispose();
    expect(extractor.described).toBe(6);
    await expect(readdir(join(folder, 'once'))).rejects.toThrow('ENOENT');
  });

  it('makes the features of a file that was cut short again', async () => {
    const before = await openKept('cut');
    await before.kept.extract(images(5), { keep: true });
    await before.kept.dispose();
    const [name = ''] = await readdir(join(folder, 'cut'));
    await truncate(join(folder, 'cut', name), 100);

    const { kept, extractor } = await openKept('cut');
    expect(await kept.extract(images(5), { keep: true })).toEqual(await sums().extract(images(5)));
    expect(extractor.described).toBe(5);
    await kept.dispose();
  });

  it('goes on with a warning where nothing can be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const { kept, warnings } = await openKept('file');
    expect(await kept.extract(images(2), { keep: true })).toEqual(await sums().extract(images(2)));
    await kept.dispose();
    expect(warnings).toEqual([
      expect.stringMatching(/^Features are not kept\. Cannot write .*file/),
    ]);
  });
});
