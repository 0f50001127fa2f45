import { tableFromIPC } from '@uwdata/flechette';
import {
  Binary,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  makeData,
  makeVector,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  TimestampNanosecond,
  Uint8,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findGeneratedRow, readManifest } from '../src/index.js';
import { writeAugmentedManifest } from '../src/output/write-augmented-manifest.js';
import { type Columns, generated, mixedColumns, read, write } from './arrow-files.js';
import { greyPng, temporaryFolder, writeFiles } from './fixtures.js';

describe('writeAugmentedManifest', () => {
  it('keeps every column of every batch, and puts generated rows behind them', async () => {
    const folder = temporaryFolder();
    const batch = (...rows: [string, string | null, number][]): Columns => ({
      path: vectorFromArray(
        rows.map(([path]) => path),
        new Utf8(),
      ),
      label: vectorFromArray(
        rows.map(([, label]) => label),
        new Utf8(),
      ),
      split: vectorFromArray(
        rows.map(() => 'train'),
        new Utf8(),
      ),
      width: vectorFromArray(
        rows.map(() => 9),
        new Int32(),
      ),
      weight: vectorFromArray(
        rows.map(([, , weight]) => weight),
        new Float64(),
      ),
      big: vectorFromArray(
        rows.map(() => 2n ** 60n),
        new Int64(),
      ),
      at: vectorFromArray(
        rows.map(() => new Date(5000)),
        new TimestampMillisecond(),
      ),
      tags: vectorFromArray(
        rows.map(() => ['x', 'y']),
        new List(new Field('item', new Utf8())),
      ),
    });
    const file = await write(
      folder,
      [batch(['a.png', 'bag', 1], ['b.png', null, 2]), batch(['c.png', 'dog', 3])],
      {
        owner: 'me',
      },
    );
    const before = await read(file);
    const manifest = await readManifest(file);
    const out = join(folder, 'out', 'labels.arrow');
    await writeAugmentedManifest(manifest, [generated(0), generated(1, { label: 1 })], out);

    const after = await read(out);
    expect(after).toHaveLength(5);
    before.forEach((row, i) => {
      expect(after[i]).toEqual({
        ...row,
        source: 'real',
        score: null,
        novelty: null,
        nearest: null,
        generator: null,
        seed: null,
        index: null,
      });
    });
    expect(after[4]).toEqual({
      path: 'images/bag/1.png',
      label: 'dog',
      split: 'train',
      width: 8,
      weight: null,
      big: null,
      at: null,
      tags: null,
      source: 'generated',
      score: expect.closeTo(0.35, 6) as number,
      novelty: 1.5,
      nearest: 'a.png',
      generator: 'f00d',
      seed: 7n,
      index: 1,
    });
    const { schema } = tableFromIPC(await readFile(out));
    expect(schema.metadata?.get('owner')).toBe('me');
    expect(schema.fields.find(({ name }) => name === 'weight')?.metadata.get('note')).toBe(
      'weight',
    );
  });

  it('keeps dictionary columns whole, with new words among the generated rows', async () => {
    const folder = temporaryFolder();
    const words = new Dictionary(new Utf8(), new Int32());
    const file = await write(folder, [
      {
        path: vectorFromArray(['a', 'b', 'c'], new Utf8()),
        label: vectorFromArray(['dog', null, 'bag'], words),
        split: vectorFromArray(['test', 'val', 'test'], new Dictionary(new Utf8(), new Int32())),
      },
    ]);
    const out = join(folder, 'out.arrow');
    await writeAugmentedManifest(await readManifest(file), [generated(0)], out);
    expect((await read(out)).map(({ label, split }) => [label, split])).toEqual([
      ['dog', 'test'],
      [null, 'val'],
      ['bag', 'test'],
      ['bag', 'train'],
    ]);
  });

  it('embeds generated images where the real ones are embedded, integer labels staying integers', async () => {
    const folder = temporaryFolder();
    const type = new Struct([new Field('bytes', new Binary()), new Field('path', new Utf8())]);
    const huggingface = JSON.stringify({
      info: { features: { label: { names: ['bag', 'dog'] } } },
    });
    const image = await greyPng(5);
    const file = await write(
      folder,
      [
        {
          image: vectorFromArray([{ bytes: image, path: 'x.png' }], type),
          label: vectorFromArray([1n], new Int64()),
        },
      ],
      { huggingface },
    );
    const out = join(folder, 'out.arrow');
    await writeFiles(folder, { 'images/bag/0.png': image });
    await writeAugmentedManifest(await readManifest(file), [generated(0)], out);
    const [real, made] = await read(out);
    expect(real?.label).toBe(1n);
    expect(made).toMatchObject({
      label: 0n,
      image: { path: 'images/bag/0.png' },
      source: 'generated',
    });
    expect(Buffer.from((made?.image as { bytes: Uint8Array }).bytes).equals(image)).toBe(true);
    expect(await findGeneratedRow(out, '1', ['bag', 'dog'])).toMatchObject({
      label: 'bag',
      index: 0,
    });
  });

  it('embeds large images a few at a time', async () => {
    const folder = temporaryFolder();
    const type = new Struct([new Field('bytes', new Binary()), new Field('path', new Utf8())]);
    const image = await greyPng(5);
    const file = await write(folder, [
      {
        image: vectorFromArray([{ bytes: image, path: 'x.png' }], type),
        label: vectorFromArray(['bag'], new Utf8()),
      },
    ]);
    const made = Array.from({ length: 12 }, (_, i) => generated(i, { width: 2048, height: 2048 }));
    await writeFiles(folder, Object.fromEntries(made.map(({ path }) => [path, image])));
    const out = join(folder, 'out.arrow');
    await writeAugmentedManifest(await readManifest(file), made, out);
    const rows: number[] = [];
    for await (const { numRows } of (await readManifest(out)).arrow.batches()) rows.push(numRows);
    // 12 MB of pixels each, 64 MB in a batch.
    expect(rows).toEqual([1, 5, 5, 2]);
    expect(await read(out)).toHaveLength(13);
  });

  it.each(['lz4', 'zstd', 'uncompressed'])(
    'carries what polars wrote (%s) through',
    async (name) => {
      const file = join(import.meta.dirname, 'fixtures', `polars-${name}.arrow`);
      const out = join(temporaryFolder(), 'out.arrow');
      await writeAugmentedManifest(await readManifest(file), [generated(0)], out);
      const rows = await read(out);
      const plain = join(import.meta.dirname, 'fixtures', 'polars-uncompressed.arrow');
      const before = await read(plain);
      expect(rows).toHaveLength(before.length + 1);
      before.forEach((row, i) => {
        expect(rows[i]).toMatchObject({ ...row, source: 'real' });
      });
    },
  );

  it('can augment its own output again', async () => {
    const folder = temporaryFolder();
    const file = await write(folder, [
      { path: vectorFromArray(['a'], new Utf8()), label: vectorFromArray(['bag'], new Utf8()) },
    ]);
    const once = join(folder, 'once.arrow');
    await writeAugmentedManifest(await readManifest(file), [generated(0)], once);
    const manifest = await readManifest(once);
    expect([...(manifest.origins ?? [])]).toEqual(['real', 'generated']);
    const twice = join(folder, 'twice.arrow');
    await writeAugmentedManifest(manifest, [generated(1)], twice);
    const rows = await read(twice);
    expect(rows.map(({ source, index }) => [source, index])).toEqual([
      ['real', null],
      ['generated', 0],
      ['generated', 1],
    ]);
    expect(Object.keys(rows[0] ?? {})).toHaveLength(9);
  });

  it('steps aside for a foreign column of one of its names', async () => {
    const folder = temporaryFolder();
    const base = {
      path: vectorFromArray(['a'], new Utf8()),
      label: vectorFromArray(['bag'], new Utf8()),
    };
    const file = await write(folder, [{ ...base, score: vectorFromArray(['mine'], new Utf8()) }]);
    const warnings: string[] = [];
    const out = join(folder, 'out.arrow');
    await writeAugmentedManifest(await readManifest(file), [generated(0)], out, {
      onWarning: (line) => warnings.push(line),
    });
    expect(warnings).toEqual([expect.stringMatching(/"score" is of another kind.*evenset_score/)]);
    expect((await read(out)).map((row) => [row.score, row.evenset_score])).toEqual([
      ['mine', null],
      [null, 0.25],
    ]);
  });

  it.each([
    [
      'a dictionary in a list',
      [['x']],
      new List(new Field('item', new Dictionary(new Utf8(), new Int32()))),
    ],
    ['a dictionary of nanoseconds', [1], new Dictionary(new TimestampNanosecond(), new Int32())],
  ])('refuses %s, which would not come through whole', async (_, values, odd: DataType) => {
    const file = await write(temporaryFolder(), [
      {
        path: vectorFromArray(['a'], new Utf8()),
        label: vectorFromArray(['bag'], new Utf8()),
        odd: vectorFromArray(values, odd),
      },
    ]);
    const out = join(temporaryFolder(), 'out.arrow');
    await expect(writeAugmentedManifest(await readManifest(file), [], out)).rejects.toThrow(
      /column "odd".*cannot be carried through/,
    );
  });

  it('makes room where indices or numbers are too narrow for generated rows', async () => {
    const folder = temporaryFolder();
    const words = (values: readonly string[]) =>
      vectorFromArray(values, new Dictionary(new Utf8(), new Int8()));
    const paths = Array.from({ length: 100 }, (_, i) => `${i}.png`);
    const numbers = (type: DataType, valueOf: (i: number) => number = () => 9) =>
      vectorFromArray(
        paths.map((_, i) => valueOf(i)),
        type,
      );
    const file = await write(folder, [
      {
        path: words(paths),
        label: words(paths.map(() => 'bag')),
        width: numbers(new Uint8()),
        height: numbers(new Int16()),
        index: numbers(new Int16(), (i) => i),
      },
    ]);
    const out = join(folder, 'out.arrow');
    const made = Array.from({ length: 60 }, (_, i) =>
      generated(40_000 + i, { width: 256, height: 256 }),
    );
    await writeAugmentedManifest(await readManifest(file), made, out);
    const rows = await read(out);
    expect(rows.map(({ path }) => path)).toEqual([...paths, ...made.map(({ path }) => path)]);
    expect(rows.slice(0, 100)).toEqual(
      (await read(file)).map((row) => expect.objectContaining(row) as unknown),
    );
    expect(rows[159]).toMatchObject({ width: null, height: 256, index: null });
    expect(rows[159]).toMatchObject({ evenset_index: 40_059 });
  });

  it('moves paths that are encoded as a dictionary, and keeps columns of one dictionary apart', async () => {
    const folder = temporaryFolder();
    const type = new Dictionary(new Utf8(), new Int32());
    const dictionary = vectorFromArray(['bag', 'dog'], new Utf8());
    const words = (...indices: number[]) =>
      makeVector(
        makeData({ type, length: 2, nullCount: 0, data: Int32Array.from(indices), dictionary }),
      );
    const path = vectorFromArray(['../a', 'b'], new Dictionary(new Utf8(), new Int32()));
    const file = await write(folder, [{ path, label: words(0, 1), label2: words(1, 0) }]);
    const out = join(folder, 'augmented', 'labels.arrow');
    const manifest = await readManifest(file, { allowOutside: true });
    await writeAugmentedManifest(manifest, [generated(0)], out);
    expect((await read(out)).map(({ path, label, label2 }) => [path, label, label2])).toEqual([
      ['../../a', 'bag', 'dog'],
      ['b', 'dog', 'bag'],
      ['images/bag/0.png', 'bag', null],
    ]);
  });
});

describe('a manifest that other tools wrote over', () => {
  it('is filled up without touching any other column', async () => {
    const folder = temporaryFolder();
    const file = await write(folder, [mixedColumns()]);
    const out = join(folder, 'out.arrow');
    const manifest = await readManifest(file);
    expect([...(manifest.origins ?? [])]).toEqual(['real', 'generated', 'real', 'generated']);
    await writeAugmentedManifest(manifest, [generated(0)], out);
    const before = await read(file);
    const after = await read(out);
    before.forEach((row, i) => {
      expect(after[i]).toMatchObject(row);
    });
    expect(after[4]).toMatchObject({ source: 'generated', tags: null, blob: null });
  });

  it('keeps two columns of one name apart', async () => {
    const folder = temporaryFolder();
    const [a, b] = ['first', 'second'].map((text) => vectorFromArray([text], new Utf8()));
    const path = vectorFromArray(['p'], new Utf8());
    const fields = ['path', 'label', 'note', 'note'].map(
      (name) => new Field(name, new Utf8(), true),
    );
    const schema = new Schema(fields);
    const children = [path, path, a, b].map((vector) => vector?.data[0]);
    const data = makeData({ type: new Struct(fields), length: 1, nullCount: 0, children } as never);
    const writer = new RecordBatchFileWriter();
    writer.write(new RecordBatch(schema, data as never) as never);
    const file = join(folder, 'twice.arrow');
    await writeFile(file, writer.finish().toUint8Array(true));
    const out = join(folder, 'out.arrow');
    await writeAugmentedManifest(await readManifest(file), [], out);
    const table = tableFromIPC(await readFile(out));
    expect([2, 3].map((at) => table.getChildAt(at).at(0) as unknown)).toEqual(['first', 'second']);
  });
});
