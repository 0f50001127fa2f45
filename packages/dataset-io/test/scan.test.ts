import { createHash, randomUUID } from 'node:crypto';
import { tableFromIPC } from '@uwdata/flechette';
import { appendFile, readdir, readFile, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildManifest, ManifestError, NotFoundError, writeManifest } from '../src/index.js';
import { listImages } from '../src/scan/list-images.js';
import { greyPng, png, temporaryFolder, writeFiles } from './fixtures.js';

/** One row of a scan's manifest. */
interface Row {
  readonly path: string;
  readonly label: string;
  readonly split?: string | null;
}

/** Scans a source into a manifest, which another library reads. */
async function scan(source: string, folder: string) {
  const file = join(folder, 'labels.arrow');
  const { quarantine } = await buildManifest(source, file);
  const table = tableFromIPC(await readFile(file));
  return { images: table.toArray() as Row[], table, quarantine };
}

/** What a scan finds, without writing it where it finds nothing. */
const attempt = (source: string, folder: string) =>
  buildManifest(source, join(folder, 'labels.arrow'));

describe('buildManifest', () => {
  it('takes classes from folders, in order, and says what it cannot read', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'b/2.PNG': await png(2),
      'b/10.png': await png(10),
      'a 👕/x.Jpeg': await png(3),
      'a 👕/empty.png': '',
      'a 👕/text.jpg': 'no image',
      'a 👕/notes.txt': 'not looked at',
      'a 👕/.hidden.png': await png(1),
      '.hidden/1.png': await png(1),
      'stray.png': await png(1),
    });
    const { images, quarantine } = await scan(folder, folder);
    expect(images.map(({ path, label }) => [path, label])).toEqual([
      ['a 👕/x.Jpeg', 'a 👕'],
      ['b/10.png', 'b'],
      ['b/2.PNG', 'b'],
    ]);
    expect(images[0]).toMatchObject({
      width: 8,
      height: 8,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(quarantine.map(({ path, reason }) => [path, reason])).toEqual([
      ['stray.png', 'the file lies in no <class>/ folder'],
      ['a 👕/empty.png', 'the file is empty'],
      ['a 👕/text.jpg', expect.stringMatching(/unsupported image format/)],
    ]);
  });

  it('takes splits from folders, a glob, metadata.jsonl and CSV', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'set/train/a/1.png': await png(1),
      'set/test/a/2.png': await png(2),
      'list/metadata.jsonl':
        '{"file_name": "1.png", "label": "x"}\n\n{"file_name":"2.png","label":"y","split":"test"}\n',
      'list/list.csv': 'file_name,label\n1.png,"x, y"\n2.png,z\n',
      'list/folds.jsonl': '{"file_name": "1.png", "label": 7, "split": 2}\n',
      'list/1.png': await png(1),
      'list/2.png': await png(2),
    });
    const seen = async (source: string) =>
      (await scan(source, folder)).images.map(({ path, label, split = null }) => [
        path,
        label,
        split,
      ]);
    expect(await seen(join(folder, 'set'))).toEqual([
      ['set/test/a/2.png', 'a', 'test'],
      ['set/train/a/1.png', 'a', 'train'],
    ]);
    expect(await seen(join(folder, 'set/train/*/*.png'))).toEqual([
      ['set/train/a/1.png', 'a', null],
    ]);
    expect(await seen(join(folder, 'list/metadata.jsonl'))).toEqual([
      ['list/1.png', 'x', null],
      ['list/2.png', 'y', 'test'],
    ]);
    expect(await seen(join(folder, 'list/folds.jsonl'))).toEqual([['list/1.png', '7', '2']]);
    expect(await seen(join(folder, 'list/list.csv'))).toEqual([
      ['list/1.png', 'x, y', null],
      ['list/2.png', 'z', null],
    ]);
  });

  it('carries what a listing says beside that into the manifest, typed', async () => {
    const folder = temporaryFolder();
    const entries = [
      { file_name: '1.png', label: 'x', width: 4, weight: 1.5, ok: true, box: [1, 2], mixed: 1 },
      { file_name: '2.png', label: 'y', width: null, ok: false, mixed: 'a', note: 'نص 👕' },
    ];
    await writeFiles(folder, {
      'metadata.jsonl': entries.map((entry) => JSON.stringify(entry)).join('\n'),
      'list.csv': 'file_name,label,age,price,zip,gap\n1.png,1,7,1.50,01234,\n2.png,2,,2e3,999,\n',
      '1.png': await png(1),
      '2.png': await png(2),
    });
    const columnsOf = async (source: string) => {
      const { table } = await scan(join(folder, source), folder);
      const names = table.schema.fields.map(({ name }) => name).slice(5);
      return Object.fromEntries(names.map((name) => [name, table.getChild(name).toArray()]));
    };
    expect(await columnsOf('metadata.jsonl')).toEqual({
      listed_width: [4, null],
      weight: [1.5, null],
      ok: [true, false],
      box: ['[1,2]', null],
      mixed: ['1', 'a'],
      note: [null, 'نص 👕'],
    });
    expect(await columnsOf('list.csv')).toEqual({
      age: [7, null],
      price: Float64Array.of(1.5, 2000),
      zip: ['01234', '999'],
      gap: [null, null],
    });
  });

  it('keeps every digit of numbers that JavaScript would round', async () => {
    const folder = temporaryFolder();
    const ids = ['1234567890123456789', '1234567890123456790'];
    const note = '"a": 1234567890123456789, \\';
    await writeFiles(folder, {
      '1.png': await png(1),
      '2.png': await png(2),
      'list.csv': `file_name,label,id\n${ids.map((id, i) => `${i + 1}.png,x,${id}`).join('\n')}`,
      'metadata.jsonl': ids
        .map(
          (id, i) =>
            `{"file_name":"${i + 1}.png","label":"x","id":${id},"note":${JSON.stringify(note)}}`,
        )
        .join('\n'),
    });
    for (const list of ['list.csv', 'metadata.jsonl']) {
      const { table } = await scan(join(folder, list), folder);
      expect(table.getChild('id').toArray()).toEqual(ids);
    }
    const { table } = await scan(join(folder, 'metadata.jsonl'), folder);
    expect(table.getChild('note').toArray()).toEqual([note, note]);
  });

  it('reads listings that are longer than what is read at once, in any alphabet', async () => {
    const folder = temporaryFolder();
    const notes = Array.from({ length: 3000 }, (_, i) => `${i} \u2028 "é, 👕"`.repeat(3));
    const quoted = notes.map((note) => `"${note.replaceAll('"', '""')}"`);
    await writeFiles(folder, {
      '1.png': await greyPng(1),
      'list.csv': `\ufefffile_name,label,note\r\n${quoted.map((note) => `1.png,x,${note}\r\n`).join('')}`,
      'metadata.jsonl': notes
        .map((note) => JSON.stringify({ file_name: '1.png', label: 'x', note }))
        .join('\r\n'),
    });
    for (const list of ['list.csv', 'metadata.jsonl']) {
      const { table } = await scan(join(folder, list), folder);
      expect(table.getChild('note').toArray()).toEqual(notes);
    }
  });

  it('types a column by all of its values, those of images that cannot be read too', async () => {
    const folder = temporaryFolder();
    const whole = '{"file_name":"1.png","label":"x","n":1}';
    await writeFiles(folder, {
      '1.png': await greyPng(1),
      'numbers.jsonl': `${whole}\n{"file_name":"gone.png","label":"y","n":0.5}`,
      'texts.csv': 'file_name,label,n\n1.png,x,1\ngone.png,y,a\n',
    });
    const typed = async (source: string) => {
      const { table, quarantine } = await scan(join(folder, source), folder);
      expect(quarantine).toHaveLength(1);
      return table.getChild('n').toArray();
    };
    expect(await typed('numbers.jsonl')).toEqual(Float64Array.of(1));
    expect(await typed('texts.csv')).toEqual(['1']);
  });

  it('stops when a listing changes between its two readings, or while it is scanned', async () => {
    const folder = temporaryFolder();
    const list = join(folder, 'list.csv');
    await writeFiles(folder, { 'list.csv': 'file_name,label\n1.png,x\n' });
    const filesOf = async (change: () => Promise<void>, after: number) => {
      const { files } = await listImages(list);
      let read = 0;
      if (after === 0) await change();
      for await (const file of files) if (file.label !== '' && ++read === after) await change();
      return read;
    };
    expect(await filesOf(() => Promise.resolve(), 0)).toBe(1);
    for (const after of [0, 1]) {
      const change = () => appendFile(list, '2.png,y\n');
      await expect(filesOf(change, after)).rejects.toThrow(
        /list\.csv changed while it was scanned/,
      );
    }
  });

  it('scans a file once that a glob matches twice', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { 'a/1.png': await greyPng(1), 'b/2.png': await greyPng(2) });
    const { images } = await scan(join(folder, '{a,*}', '*.png'), folder);
    expect(images.map(({ path }) => path)).toEqual(['a/1.png', 'b/2.png']);
  });

  it('writes nothing when no image can be read, and removes what killed scans left', async () => {
    const folder = temporaryFolder();
    const [old, own] = [0, 1].map((i) => `labels.arrow.${randomUUID()}.tmp${'.png'.repeat(i)}`);
    await writeFiles(folder, { 'a/1.png': 'no image', [`${old}`]: '', [`${own}`]: '' });
    await utimes(join(folder, `${old}`), 1, 1);
    await expect(attempt(folder, folder)).rejects.toThrow(/None of the 1 images of/);
    const inNew = join(folder, 'new', 'labels.arrow');
    const cacheDir = join(folder, 'cache');
    await expect(buildManifest(folder, inNew, { cacheDir })).rejects.toThrow(
      /None of the 1 images/,
    );
    await expect(
      buildManifest(folder, join(folder, 'labels.arrow'), { cacheDir }),
    ).rejects.toThrow();
    expect((await readdir(folder)).sort()).toEqual(['a', 'cache', own]);
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('leaves the output of an earlier run out', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'a/1.png': await png(1),
      'augmented/run.json': '{\n  "format": "evenset.run"\n}',
      'augmented/images/a/2.png': await png(2),
      'b/run.json': '{"mine": true}',
      'b/3.png': await png(3),
    });
    const { images, quarantine } = await scan(folder, folder);
    expect(images.map(({ path }) => path)).toEqual(['a/1.png', 'b/3.png']);
    const globbed = await scan(join(folder, '**/*.png'), folder);
    expect(globbed.images).toEqual(images);
    expect(quarantine).toMatchObject([
      { path: 'augmented', reason: 'the folder is the output of an earlier run' },
    ]);
  });

  it('refuses a tree that mixes splits and classes, but not a class called train', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'mixed/train/cat/1.png': await png(1),
      'mixed/test/cat/2.png': await png(2),
      'mixed/extra/3.png': await png(3),
      'vehicles/train/1.png': await png(1),
      'vehicles/bus/2.png': await png(2),
    });
    await expect(attempt(join(folder, 'mixed'), folder)).rejects.toThrow(
      /train\/ looks like a split and extra\/ like a class|test\/ looks like a split and extra/,
    );
    const { images } = await scan(join(folder, 'vehicles'), folder);
    expect(images.map(({ label, split }) => [label, split])).toEqual([
      ['bus', undefined],
      ['train', undefined],
    ]);
  });

  it('refuses sources without images, and listings without labels, by line', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'bad.csv': 'file_name\n1.png\n',
      'bad.jsonl': '{',
      'unlabelled.csv': 'file_name,label\n1.png,a\n2.png,\n',
      'folds.jsonl': '{"file_name":"1.png","label":"a","split":[1]}',
      'null.jsonl': 'null',
      'empty.csv': 'file_name,label\n',
      'x/readme.txt': '',
    });
    await expect(attempt(join(folder, 'x'), folder)).rejects.toThrow(ManifestError);
    await expect(attempt(join(folder, 'none'), folder)).rejects.toThrow(NotFoundError);
    await expect(attempt(join(folder, 'bad.csv'), folder)).rejects.toThrow(/label in entry 1 of/);
    await expect(attempt(join(folder, 'bad.jsonl'), folder)).rejects.toThrow(/line 1 of/);
    await expect(attempt(join(folder, 'unlabelled.csv'), folder)).rejects.toThrow(
      /label in entry 2 of .*unlabelled\.csv/,
    );
    await expect(attempt(join(folder, 'folds.jsonl'), folder)).rejects.toThrow(
      /a split's name in entry 1 of .* received \[1\]/,
    );
    await expect(attempt(join(folder, 'null.jsonl'), folder)).rejects.toThrow(/received null/);
    await expect(attempt(join(folder, 'empty.csv'), folder)).rejects.toThrow(/lists no images/);
  });

  it('reads links to files, and says which links to folders it does not follow', async () => {
    const folder = temporaryFolder();
    await writeFiles(folder, { 'out/a/1.png': await png(1), 'set/b/2.png': await png(2) });
    await symlink(join(folder, 'out', 'a'), join(folder, 'set', 'a'));
    await symlink(join(folder, 'out', 'a', '1.png'), join(folder, 'set', 'b', '1.png'));
    await symlink('circle', join(folder, 'set', 'circle'));
    const { images, quarantine } = await scan(join(folder, 'set'), folder);
    expect(images.map(({ path }) => path)).toEqual(['set/b/1.png', 'set/b/2.png']);
    expect(quarantine).toEqual([
      { row: null, path: 'set/a', reason: 'a symbolic link to a folder is not followed' },
    ]);
  });
});

it('writes splits that some rows have', async () => {
  const folder = temporaryFolder();
  const image = { width: 8, height: 8, sha256: 'ab' };
  const images = [
    { path: '1.png', label: 'x', split: null, ...image },
    { path: '2.png', label: 'y', split: 'test', ...image },
    { path: '3.png', label: 'x', split: null, ...image },
  ];
  await writeManifest(images, join(folder, 'labels.arrow'));
  const rows = tableFromIPC(await readFile(join(folder, 'labels.arrow'))).toArray();
  expect(rows).toEqual(images);
});

it('writes a manifest that an independent reader reads, and tells what is in it', async () => {
  const folder = temporaryFolder();
  const images = ['test/b/2.png', 'test/ü 👕/漢.png', 'test/ü 👕/\u{1f455}.png', 'train/a/1.png'];
  const files: Record<string, Uint8Array> = {};
  for (const [i, path] of images.entries()) files[path] = await greyPng(i);
  await writeFiles(folder, files);
  const file = join(folder, 'labels.arrow');
  const told = await buildManifest(folder, file);
  const sha256 = (path: string) =>
    createHash('sha256')
      .update(files[path] ?? '')
      .digest('hex');
  expect(tableFromIPC(await readFile(file)).toArray()).toEqual(
    images.map((path) => {
      const [split, label] = path.split('/');
      return { path, label, split, width: 8, height: 8, sha256: sha256(path) };
    }),
  );
  expect(told).toEqual({
    images: 4,
    counts: [
      { split: 'test', label: 'b', images: 1 },
      { split: 'test', label: 'ü 👕', images: 2 },
      { split: 'train', label: 'a', images: 1 },
    ],
    hasOutside: false,
    quarantine: [],
  });
});
