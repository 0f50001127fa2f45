import { readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildManifest,
  decodeOptions,
  openPixelStore,
  readManifest,
  type PixelStore,
} from '../src/index.js';
import { greyPng, png, temporaryFolder, writeFiles } from './fixtures.js';

const decoding = decodeOptions.parse({ size: 16 });

/** Scans a folder into a cache and a manifest, and returns how both are opened. */
async function scan(folder: string) {
  const cacheDir = join(folder, '.cache');
  await buildManifest(folder, join(folder, 'labels.arrow'), { decoding, cacheDir });
  const manifest = await readManifest(join(folder, 'labels.arrow'));
  return {
    entries: async () => (await readdir(cacheDir).catch(() => [])).sort(),
    open: (options: object = {}) =>
      openPixelStore(manifest, {
        ...decoding,
        rows: [...manifest.labels.keys()],
        cacheDir,
        ...options,
      }),
  };
}

const hashesOf = async (store: PixelStore) => {
  const hashes: Buffer[] = [];
  for await (const some of store.hashes()) hashes.push(some);
  return Buffer.concat(hashes);
};

describe('buildManifest with a cache', () => {
  it('keeps what it decodes, so that opening the pixels decodes nothing', async () => {
    const folder = temporaryFolder();
    const files: Record<string, Uint8Array | string> = {};
    for (let i = 0; i < 70; i++) files[`a/${String(i).padStart(2, '0')}.png`] = await greyPng(i);
    await writeFiles(folder, { ...files, 'a/03.png': 'damaged' });
    const { entries, open } = await scan(folder);
    const scanned = await entries();
    expect(scanned).toHaveLength(1);

    const store = await open();
    expect(await entries()).toEqual(scanned);
    expect([store.count, store.channels, store.nativeSize]).toEqual([
      69,
      1,
      { width: 8, height: 8 },
    ]);
    const pixels = await store.read([0, 3, 68]);
    expect([0, 1, 2].map((i) => pixels[i * 256])).toEqual([0, 4, 69]);
    const hashes = await hashesOf(store);
    await store.close();

    const fresh = await open({ cacheDir: join(folder, '.other') });
    expect(await hashesOf(fresh)).toEqual(hashes);
    expect(await fresh.read([0, 3, 68])).toEqual(pixels);
    await fresh.close();
  });

  it('is not found once a file has changed, or for other options', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { 'a/0.png': await greyPng(10) });
    const { entries, open } = await scan(folder);
    await (await open({ fit: 'fill' })).close();
    expect(await entries()).toHaveLength(2);

    await writeFile(join(folder, 'a/0.png'), await greyPng(99));
    await utimes(join(folder, 'a/0.png'), 1, 1);
    const changed = await open();
    expect((await changed.read([0]))[0]).toBe(99);
    await changed.close();
  });

  it('keeps grey and colour images together in colour', async () => {
    const mixed = temporaryFolder();
    await writeFiles(mixed, { 'a/0.png': await greyPng(10), 'a/1.png': await png(90) });
    const { entries, open } = await scan(mixed);
    const scanned = await entries();
    expect(scanned).toHaveLength(1);
    const store = await open();
    expect(await entries()).toEqual(scanned);
    const pixels = await store.read([0, 1]);
    expect([store.channels, ...pixels.subarray(0, 3)]).toEqual([3, 10, 10, 10]);
    expect([...pixels.subarray(768, 771)]).toEqual([90, 10, 200]);
    await store.close();
  });

  it('keeps nothing of what a link reads from outside', async () => {
    const [outside, folder] = [temporaryFolder(), temporaryFolder()];
    await writeFiles(outside, { 'secret.png': await greyPng(5) });
    await writeFiles(folder, { 'a/0.png': await greyPng(6) });
    await symlink(join(outside, 'secret.png'), join(folder, 'a/1.png'));
    const linked = await scan(folder);
    expect(await linked.entries()).toEqual([]);
    const within = await linked.open();
    expect(within.count).toBe(1);
    await within.close();
  });

  it('scans where no cache can be written', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { 'a/0.png': await greyPng(10), taken: '' });
    const cacheDir = join(folder, 'taken');
    const file = join(folder, 'labels.arrow');
    expect(await buildManifest(folder, file, { decoding, cacheDir })).toMatchObject({ images: 1 });
  });
});
