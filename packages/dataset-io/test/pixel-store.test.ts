import { randomUUID } from 'node:crypto';
import {
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  decodeOptions,
  openPixelStore,
  readManifest,
  writeManifest,
  type PixelStore,
  type QuarantineEntry,
} from '../src/index.js';
import { greyPng, png, temporaryFolder, writeFiles } from './fixtures.js';

async function manifestOf(folder: string, paths: readonly string[]) {
  const images = paths.map((path, i) => ({
    path,
    label: `c${i % 2}`,
    split: null,
    width: 8,
    height: 8,
    sha256: '',
  }));
  await writeManifest(images, join(folder, 'labels.arrow'));
  return readManifest(join(folder, 'labels.arrow'));
}

async function open(
  folder: string,
  paths: readonly string[],
  extra: object = {},
): Promise<PixelStore & { quarantine: QuarantineEntry[] }> {
  const quarantine: QuarantineEntry[] = [];
  const store = await openPixelStore(await manifestOf(folder, paths), {
    ...decodeOptions.parse({ size: 16 }),
    rows: paths.map((_, row) => row),
    cacheDir: join(folder, 'cache'),
    onQuarantine: (entry) => quarantine.push(entry),
    ...extra,
  });
  return { ...store, quarantine };
}

describe('openPixelStore', () => {
  it('takes rows in ascending order only, and says so when its file was cut short', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { '0.png': await greyPng(1), '1.png': await greyPng(2) });
    const paths = ['0.png', '1.png'];
    for (const rows of [
      [1, 0],
      [0, 0],
    ]) {
      await expect(open(folder, paths, { rows })).rejects.toThrow('ascending');
    }
    const store = await open(folder, paths);
    const [entry = ''] = await readdir(join(folder, 'cache'));
    await truncate(join(folder, 'cache', entry), 400);
    await expect(store.read([0, 1])).rejects.toThrow('cut short');
    await store.close();
  });

  it('clears away what killed processes left in the cache long ago', async () => {
    const folder = temporaryFolder();
    const cache = join(folder, 'cache');
    const [old, recent] = [randomUUID(), randomUUID()].map((id) => `pixels.${id}.tmp`) as [
      string,
      string,
    ];
    await writeFiles(folder, {
      '0.png': await greyPng(10),
      [`cache/${old}`]: 'half',
      [`cache/${recent}`]: 'half',
      'cache/notes.tmp': 'the user has this here',
    });
    for (const name of [old, 'notes.tmp']) await utimes(join(cache, name), 1, 1);
    await (await open(folder, ['0.png'])).close();
    const left = (await readdir(cache)).filter((name) => name.endsWith('.tmp'));
    expect(left.sort()).toEqual(['notes.tmp', recent].sort());
  });

  it('reads grey images as colour where one is in colour, whichever comes first', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'grey.png': await greyPng(50),
      'colour.png': await png(90),
      'grey.webp': await sharp(await greyPng(50))
        .webp({ lossless: true })
        .toBuffer(),
    });
    // More than are made colour at once, and than a batch holds.
    const greys = Array<string>(4200).fill('grey.png');
    for (const [i, paths] of [
      [...greys, 'colour.png', 'grey.png', 'grey.webp'],
      ['colour.png', ...greys],
      ['grey.webp', 'colour.png'],
    ].entries()) {
      const store = await open(folder, paths, { cacheDir: join(folder, `cache-${i}`) });
      const all = await store.read(paths.map((_, at) => at));
      const colours = paths.map((_, at) => [...all.subarray(at * 768, at * 768 + 3)].join());
      const expected = paths.map((path) => (path === 'colour.png' ? '90,10,200' : '50,50,50'));
      expect([store.channels, store.count, colours]).toEqual([3, paths.length, expected]);
      expect(store.nativeSize).toEqual({ width: 8, height: 8 });
      await store.close();
      expect((await readdir(join(folder, `cache-${i}`))).length).toBe(1);
    }
  });

  it('clears away entries that nobody has opened for a month, and keeps those that somebody has', async () => {
    const folder = temporaryFolder();
    const cache = join(folder, 'cache');
    await writeFiles(folder, { '0.png': await greyPng(10), 'cache/notes.json': '{}' });
    const entry = async (options: object) => {
      const before = await readdir(cache);
      await (await open(folder, ['0.png'], options)).close();
      return (await readdir(cache)).filter((name) => !before.includes(name));
    };
    const [unused, used] = [await entry({}), await entry({ fit: 'fill' })];
    const monthAgo = Date.now() / 1000 - 31 * 24 * 60 * 60;
    for (const name of [...unused, ...used, 'notes.json']) {
      await utimes(join(cache, name), monthAgo, monthAgo);
    }
    expect(await entry({ fit: 'fill' })).toEqual([]);
    const added = await entry({ fit: 'contain' });
    expect((await readdir(cache)).sort()).toEqual([...used, ...added, 'notes.json'].sort());
  });

  it('reads images by position, in any order, and leaves out what cannot be read', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      '0.png': await greyPng(10),
      '2.png': await greyPng(30),
      '3.png': await greyPng(40),
      'bad.png': 'x',
    });
    const store = await open(folder, ['0.png', 'bad.png', '2.png', '3.png', 'gone.png']);
    expect([store.count, store.channels, store.nativeSize]).toEqual([
      3,
      1,
      { width: 8, height: 8 },
    ]);
    expect([...store.rows]).toEqual([0, 2, 3]);
    expect([...store.labels]).toEqual([0, 0, 1]);
    const pixels = await store.read([2, 0, 1, 2]);
    expect([0, 1, 2, 3].map((i) => pixels[i * 256])).toEqual([40, 10, 30, 40]);
    expect(store.quarantine.map(({ row, path }) => [row, path])).toEqual([
      [1, 'bad.png'],
      [4, 'gone.png'],
    ]);
    await store.close();
  });

  it('decodes grey images as colour when one of the set is', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { '0.png': await greyPng(10), '1.png': await png(90) });
    const store = await open(folder, ['0.png', '1.png']);
    expect(store.channels).toBe(3);
    expect([...(await store.read([0])).subarray(0, 3)]).toEqual([10, 10, 10]);
    await store.close();
  });

  it('leaves out what cannot even be looked at', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { '0.png': await greyPng(10) });
    await symlink('circle.png', join(folder, 'circle.png'));
    const paths = ['0.png', '0.png/1.png', `${'x'.repeat(300)}.png`, 'circle.png', 'a\0b.png'];
    const store = await open(folder, paths);
    expect(store.count).toBe(1);
    expect(store.quarantine.map(({ row }) => row)).toEqual([1, 2, 3, 4]);
    await store.close();
  });

  it('reads again what could not be read, once it can be, though the file is the same', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'set/0.png': await greyPng(10),
      'set/gone.png': await greyPng(20),
      'outside/1.png': await greyPng(30),
    });
    const set = join(folder, 'set');
    await rm(join(set, 'gone.png'));
    await symlink(join(folder, 'outside/1.png'), join(set, '1.png'));
    const paths = ['0.png', '1.png', 'gone.png'];
    for (let time = 0; time < 2; time++) {
      const store = await open(set, paths);
      expect(store.quarantine.map(({ path }) => path)).toEqual(['1.png', 'gone.png']);
      await store.close();
    }
    // The same inode, size and time as before.
    await rename(join(folder, 'outside/1.png'), join(set, '1.png'));
    const store = await open(set, paths);
    expect(store.quarantine.map(({ path }) => path)).toEqual(['gone.png']);
    expect((await store.read([1]))[0]).toBe(30);
    await store.close();
  });

  it('reads no image again while nothing changed, and notices what did', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { '0.png': await greyPng(10) });
    const cache = join(folder, 'cache');
    await (await open(folder, ['0.png'])).close();
    expect(await readdir(cache)).toHaveLength(1);
    await (await open(folder, ['0.png'])).close();
    expect(await readdir(cache)).toHaveLength(1);

    await writeFile(join(folder, '0.png'), await greyPng(99));
    await utimes(join(folder, '0.png'), 1, 1);
    const changed = await open(folder, ['0.png']);
    expect((await changed.read([0]))[0]).toBe(99);
    await changed.close();
  });

  it('decodes again when the cache is damaged', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { '0.png': await greyPng(10) });
    const cache = join(folder, 'cache');
    await (await open(folder, ['0.png'])).close();
    const [name = ''] = await readdir(cache);
    const whole = await readFile(join(cache, name));
    const other = Buffer.from(whole.toString('latin1').replace('"size":16', '"size":32'), 'latin1');
    const damaged = [0, 3, 5, whole.length - 1].map((length) => whole.subarray(0, length));
    for (const bytes of [...damaged, Buffer.concat([whole, whole]), other]) {
      await writeFile(join(cache, name), bytes);
      const store = await open(folder, ['0.png']);
      expect((await store.read([0]))[0]).toBe(10);
      await store.close();
      expect((await readFile(join(cache, name))).equals(whole)).toBe(true);
    }
  });

  it('reads more images than a batch holds, in order', async () => {
    const folder = temporaryFolder();
    const levels = Array.from({ length: 600 }, (_, i) => i % 251);
    const paths = levels.map((_, i) => `${i}.png`);
    const files: Record<string, Uint8Array | string> = {};
    for (const [i, path] of paths.entries()) files[path] = await greyPng(levels[i] ?? 0);
    await writeFiles(folder, { ...files, '300.png': 'damaged' });
    const store = await open(folder, paths);
    expect(store.quarantine).toMatchObject([{ row: 300, path: '300.png' }]);
    const pixels = await store.read(store.rows.map((_, position) => position));
    expect([...store.rows].map((_, i) => pixels[i * 256])).toEqual(
      levels.filter((_, i) => i !== 300),
    );
    await store.close();
  });

  it('follows a symbolic link out of the folder only when told to', async () => {
    const outside = temporaryFolder();
    const folder = temporaryFolder();
    await writeFiles(outside, { 'secret.png': await greyPng(5) });
    await writeFiles(folder, { 'ok.png': await greyPng(6) });
    await symlink(join(outside, 'secret.png'), join(folder, 'link.png'));
    await symlink(outside, join(folder, 'linked'));
    await symlink('ok.png', join(folder, 'inside.png'));
    const paths = ['ok.png', 'link.png', 'linked/secret.png', 'inside.png'];
    const store = await open(folder, paths);
    expect(store.quarantine).toMatchObject([
      { row: 1, reason: expect.stringMatching(/symbolic link/) as string },
      { row: 2, reason: expect.stringMatching(/symbolic link/) as string },
    ]);
    await store.close();
    const allowed = await open(folder, paths, { allowOutside: true });
    expect(allowed.count).toBe(4);
    await allowed.close();
  });
});
