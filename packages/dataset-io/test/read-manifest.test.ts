import { tableFromIPC as readIndependently } from '@uwdata/flechette';
import {
  Binary,
  Dictionary,
  Field,
  Int32,
  Int64,
  LargeUtf8,
  RecordBatchStreamWriter,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManifestError, NotFoundError, readManifest } from '../src/index.js';
import { readImages } from '../src/decode/read-images.js';
import { textsOf } from '../src/manifest/manifest.js';
import { temporaryFolder } from './fixtures.js';

const folder = temporaryFolder();
const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);
const texts = (...values: (string | null)[]) => vectorFromArray(values, new Utf8());

async function write(
  name: string,
  columns: Record<string, Vector>,
  { metadata = {}, stream = false }: { metadata?: Record<string, string>; stream?: boolean } = {},
): Promise<string> {
  const fields = Object.entries(columns).map(([key, { type }]) => new Field(key, type, true));
  const table = new Table(new Schema(fields, new Map(Object.entries(metadata))), columns as never);
  const file = join(folder, name);
  const writer = stream ? new RecordBatchStreamWriter() : new RecordBatchFileWriter();
  await writeFile(
    file,
    writer
      .writeAll(table as never)
      .finish()
      .toUint8Array(true),
  );
  return file;
}

describe('readManifest', () => {
  it.each([false, true])('reads paths, labels and splits (stream format: %s)', async (stream) => {
    const file = await write(
      `plain-${stream}.arrow`,
      {
        path: texts('b.png', 'a.png', null),
        label: vectorFromArray(['dog', 'cat', null], new Dictionary(new Utf8(), new Int32())),
        split: texts('train', 'test', null),
      },
      { stream },
    );
    const manifest = await readManifest(file);
    expect(manifest).toMatchObject({
      rowCount: 3,
      storage: 'path',
      classes: ['cat', 'dog'],
      origins: undefined,
    });
    expect([...manifest.paths]).toEqual(['b.png', 'a.png', null]);
    expect([...(manifest.splits ?? [])]).toEqual(['train', 'test', null]);
    expect([...manifest.labels]).toEqual([1, 0, -1]);
  });

  it('reads texts of whatever alphabet, with or without gaps, also from the middle of a column', async () => {
    const columns = [
      ['a.png', '', 'c.png', 'd.png'],
      ['ä.png', '👕.png', '', 'é'],
      ['a.png', null, 'c.png', ''],
      ['ä.png', null, null, '👕'],
    ];
    for (const [i, values] of columns.entries()) {
      const file = await write(`texts-${i}.arrow`, {
        path: texts(...values),
        label: texts('x', 'y', 'x', 'z'),
      });
      const { paths, classes } = await readManifest(file);
      expect([[...paths], classes]).toEqual([values, ['x', 'y', 'z']]);
      // Not written: that moves what is cut off to the front.
      const [middle] = new Table({ path: texts(...values) }).slice(1, 3).batches;
      const textOf = middle && textsOf(middle, 'path');
      expect([0, 1, 2].map((row) => textOf?.(row))).toEqual([...values.slice(1, 3), null]);
    }
  });

  it.each(['polars-lz4.arrow', 'polars-zstd.arrow', 'polars-uncompressed.arrow'])(
    'reads %s as its writer meant it',
    async (name) => {
      const manifest = await readManifest(fixture(name));
      expect(manifest.rowCount).toBe(300);
      expect(manifest.paths.at(299)).toBe('a/299.png');
      expect([...manifest.labels.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
      const notes: unknown[] = [];
      for await (const batch of manifest.arrow.batches())
        notes.push(...(batch.getChild('note') ?? []));
      expect(notes[299]).toBe('the same text again 2');
    },
  );

  it('reads integer labels with the names of Hugging Face and of the field', async () => {
    const features = { label: { names: ['x', 'y', 'z'], _type: 'ClassLabel' } };
    const file = await write(
      'classlabel.arrow',
      { path: texts('1', '2', '3'), label: vectorFromArray([2n, 0n, -1n], new Int64()) },
      { metadata: { huggingface: JSON.stringify({ info: { features } }) } },
    );
    const manifest = await readManifest(file);
    expect(manifest.classes).toEqual(['x', 'y', 'z']);
    expect([...manifest.labels]).toEqual([2, 0, -1]);
  });

  it('reads large strings', async () => {
    const file = await write('large.arrow', {
      path: vectorFromArray(['p'], new LargeUtf8()),
      label: vectorFromArray(['l'], new LargeUtf8()),
    });
    const { paths, classes } = await readManifest(file);
    expect([[...paths], classes]).toEqual([['p'], ['l']]);
  });

  const bad: [string, () => Promise<string>, RegExp][] = [
    ['an empty file', async () => put('empty.arrow', ''), /is empty/],
    ['text', async () => put('text.arrow', 'path,label\n1,2\n'), /is of another kind/],
    ['Parquet', async () => put('x.parquet', 'PAR1xxxxxxxxPAR1'), /is a Parquet file/],
    ['a file cut short', cutShort, /cut short/],
    [
      'no label',
      async () => write('a.arrow', { path: texts('x') }),
      /column "label".*columns path/,
    ],
    ['no path', async () => write('b.arrow', { label: texts('x') }), /"path" \(text\) or "image"/],
    [
      'numbers for paths',
      async () => write('c.arrow', { path: vectorFromArray([1], new Int32()), label: texts('x') }),
      /strings in the column "path".*Int32/,
    ],
    [
      'integers without names',
      async () => write('d.arrow', { path: texts('x'), label: vectorFromArray([1], new Int32()) }),
      /integers without names/,
    ],
    ['no rows', async () => write('e.arrow', { path: texts(), label: texts() }), /no rows/],
  ];
  it.each(bad)('refuses %s in one clear line', async (_name, make, message) => {
    const file = await make();
    await expect(readManifest(file)).rejects.toThrow(ManifestError);
    await expect(readManifest(file)).rejects.toThrow(message);
  });

  it.each(['../x.png', '/etc/passwd', 'a/../../x.png', 'C:\\x.png', '..\\x.png'])(
    'refuses the path %s unless told otherwise',
    async (path) => {
      const file = await write('escape.arrow', {
        path: texts('ok.png', path),
        label: texts('a', 'b'),
      });
      await expect(readManifest(file)).rejects.toThrow(
        /Row 1 of .*leads out of the manifest's folder/,
      );
      expect((await readManifest(file, { allowOutside: true })).rowCount).toBe(2);
    },
  );

  it('refuses a stream that was cut, at whatever byte', async () => {
    const batch = new Table({ path: texts('a', 'b'), label: texts('x', 'y') });
    const writer = new RecordBatchStreamWriter();
    for (let i = 0; i < 3; i++) for (const part of batch.batches) writer.write(part as never);
    const bytes = writer.finish().toUint8Array(true);
    const file = join(folder, 'cut.arrows');
    await writeFile(file, bytes);
    expect((await readManifest(file)).rowCount).toBe(6);
    for (let length = 8; length < bytes.length; length += 8) {
      await writeFile(file, bytes.subarray(0, length));
      await expect(readManifest(file)).rejects.toThrow(/cut short or damaged/);
    }
  });

  it('names a file that is not there', async () => {
    await expect(readManifest(join(folder, 'nowhere.arrow'))).rejects.toThrow(NotFoundError);
  });

  async function put(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }

  async function cutShort(): Promise<string> {
    const bytes = await readFile(fixture('polars-uncompressed.arrow'));
    await writeFile(join(folder, 'cut.arrow'), bytes.subarray(0, bytes.length / 2));
    return join(folder, 'cut.arrow');
  }
});

it('agrees with an independent reader on a file that another tool wrote', async () => {
  await copyFile(fixture('polars-uncompressed.arrow'), join(folder, 'copy.arrow'));
  const table = readIndependently(await readFile(join(folder, 'copy.arrow')));
  const manifest = await readManifest(join(folder, 'copy.arrow'));
  expect([...manifest.paths]).toEqual(
    table.toArray().map((row) => (row as { path: unknown }).path),
  );
});

it('names embedded images after their rows where they have no name of their own, and hands over their bytes alone', async () => {
  const image = new Struct([new Field('bytes', new Binary()), new Field('path', new Utf8())]);
  const names = ['1.png', '1.png', null, '2.png'];
  const file = await write('embedded.arrow', {
    image: vectorFromArray(
      names.map((path, i) => ({ bytes: Uint8Array.of(i, i), path })),
      image,
    ),
    label: texts('cat', 'dog', 'cat', 'dog'),
  });
  const manifest = await readManifest(file);
  expect([...manifest.paths]).toEqual(['1.png', 'row-1', 'row-2', '2.png']);
  const sources = [];
  for await (const { source } of readImages(manifest, Int32Array.of(1, 3))) sources.push(source);
  expect(sources).toEqual([Uint8Array.of(1, 1), Uint8Array.of(3, 3)]);
  expect(sources).toMatchObject([{ buffer: { byteLength: 2 } }, { buffer: { byteLength: 2 } }]);
});
