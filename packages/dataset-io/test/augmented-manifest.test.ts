import { tableFromIPC } from '@uwdata/flechette';
import {
  Binary,
  Bool,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  Int64,
  LargeUtf8,
  List,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import {
  filterManifest,
  findGeneratedRow,
  readGeneratedRows,
  readManifest,
  readThumbnails,
  type FilterRule,
  type GeneratedRow,
  type RowThresholds,
} from '../src/index.js';
import { exportImageFolder } from '../src/output/export-image-folder.js';
import { placeRealImages } from '../src/output/place-real-images.js';
import { writeAugmentedManifest } from '../src/output/write-augmented-manifest.js';
import { greyPng, temporaryFolder, writeFiles } from './fixtures.js';

type Columns = Record<string, Vector>;

/** Writes batches of one schema, each with dictionaries of its own where the format allows it. */
async function write(folder: string, batches: readonly Columns[], metadata = {}): Promise<string> {
  const file = join(folder, 'labels.arrow');
  const [first = {}] = batches;
  const fields = Object.entries(first).map(
    ([name, { type }]) =>
      new Field(name, type, name === 'path' ? false : true, new Map([['note', name]])),
  );
  const schema = new Schema(fields, new Map(Object.entries(metadata)));
  const tables = batches.map((columns) => new Table(schema, columns as never));
  const writer = new RecordBatchFileWriter();
  for (const table of tables) for (const batch of table.batches) writer.write(batch as never);
  await writeFile(file, writer.finish().toUint8Array(true));
  return file;
}

function generated(index: number, overrides: Partial<GeneratedRow> = {}): GeneratedRow {
  return {
    path: `images/bag/${index}.png`,
    label: 0,
    score: 0.25 + index / 10,
    novelty: 1.5,
    nearest: 'a.png',
    generator: 'f00d',
    seed: 7,
    index,
    width: 8,
    height: 8,
    sha256: 'abc',
    ...overrides,
  };
}

const read = async (file: string) =>
  tableFromIPC(await readFile(file), { useBigInt: true }).toArray() as Record<string, unknown>[];

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
    expect(manifest.origins).toEqual(['real', 'generated']);
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

  it('steps aside for a foreign column of one of its names, and refuses unions and nested dictionaries', async () => {
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

    const nested = new List(new Field('item', new Dictionary(new Utf8(), new Int32())));
    const odd = await write(temporaryFolder(), [
      { ...base, odd: vectorFromArray([['x']], nested) },
    ]);
    await expect(writeAugmentedManifest(await readManifest(odd), [], out)).rejects.toThrow(
      /column "odd".*cannot be carried through/,
    );
  });
});

describe('a manifest that other tools wrote over', () => {
  const rows = [0, 1, 2, 3];
  const list = new List(new Field('item', new Utf8()));
  const pair = new FixedSizeList(2, new Field('item', new Float32()));
  const struct = new Struct([new Field('a', new Int64()), new Field('b', list)]);
  const bytes = new Dictionary(new Binary(), new Int32());
  /** Real and generated rows in one batch, beside columns of many types. */
  const mixed = () => ({
    path: vectorFromArray(['a', 'b', 'x', 'y'], new Utf8()),
    label: vectorFromArray(['bag', 'bag', 'bag', 'bag'], new Utf8()),
    source: vectorFromArray(['real', 'generated', 'real', 'generated'], new LargeUtf8()),
    score: vectorFromArray([null, 0.1, null, 0.9], new Float32()),
    tags: vectorFromArray([['p'], ['q', 'r'], [], ['s', 't']], list),
    pair: vectorFromArray(
      rows.map((row) => [row, row + 0.5]),
      pair,
    ),
    nested: vectorFromArray(
      rows.map((row) => ({ a: BigInt(row), b: [`b${row}`] })),
      struct,
    ),
    flag: vectorFromArray([true, false, false, true], new Bool()),
    blob: vectorFromArray(
      rows.map((row) => Uint8Array.of(row % 2, 7)),
      bytes,
    ),
  });

  it('is filtered without touching any other column', async () => {
    const folder = temporaryFolder();
    const file = await write(folder, [mixed()]);
    const target = join(folder, 'filtered.arrow');
    const counts = await filterManifest(file, target, { minScore: 0.5, minNovelty: 0 });
    expect(counts).toEqual({ real: 2, kept: 1, dropped: 1 });
    const before = await read(file);
    expect(await read(target)).toEqual([before[0], before[2], before[3]]);
    await filterManifest(file, join(folder, 'none.arrow'), { minScore: 1, minNovelty: 0 });
    expect(await read(join(folder, 'none.arrow'))).toEqual([before[0], before[2]]);
  });

  it('is filled up without touching any other column', async () => {
    const folder = temporaryFolder();
    const file = await write(folder, [mixed()]);
    const out = join(folder, 'out.arrow');
    const manifest = await readManifest(file);
    expect(manifest.origins).toEqual(['real', 'generated', 'real', 'generated']);
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

describe('what lies beside the manifest', () => {
  async function prepared() {
    const folder = temporaryFolder();
    await writeFiles(folder, { 'a/1.png': await greyPng(1), 'b/1.png': await greyPng(2) });
    const file = await write(folder, [
      {
        path: vectorFromArray(['a/1.png', 'b/1.png'], new Utf8()),
        label: vectorFromArray(['a', 'b/👕'], new Utf8()),
      },
    ]);
    const out = join(folder, 'augmented');
    await writeFiles(out, { 'images/bag/0.png': await greyPng(3) });
    return { folder, out, manifest: await readManifest(file) };
  }

  it('lets unchanged rows resolve from the output folder, and overwrites nothing', async () => {
    const { folder, out, manifest } = await prepared();
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
    const { out, manifest } = await prepared();
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

  it('is filtered by score into another folder, where paths still resolve', async () => {
    const { folder, out, manifest } = await prepared();
    const file = join(out, 'labels.arrow');
    await writeAugmentedManifest(manifest, [generated(0), generated(1), generated(2)], file);
    const target = join(folder, 'filtered.arrow');
    expect(await filterManifest(file, target, { minScore: 0.3, minNovelty: 0 })).toEqual({
      real: 2,
      kept: 2,
      dropped: 1,
    });
    const rows = await read(target);
    expect(rows.map(({ path, nearest }) => [path, nearest])).toEqual([
      ['augmented/a/1.png', null],
      ['augmented/b/1.png', null],
      ['augmented/images/bag/1.png', 'augmented/a.png'],
      ['augmented/images/bag/2.png', 'augmented/a.png'],
    ]);
    await expect(filterManifest(file, target, { minScore: 0, minNovelty: 0 })).rejects.toThrow(
      /exists already/,
    );
    await expect(
      filterManifest(manifest.file, join(folder, 'x.arrow'), { minScore: 0, minNovelty: 0 }),
    ).rejects.toThrow(/no column "source"/);
  });

  it('is filtered by novelty, and by other thresholds for single classes', async () => {
    const { folder, out, manifest } = await prepared();
    const file = join(out, 'labels.arrow');
    // A score of .7 is a little less in 32 bits, and reaches .7.
    const rows = [
      generated(0, { label: 0, score: 0.7, novelty: 1 }),
      generated(1, { label: 0, score: 0.7, novelty: 1.25 }),
      generated(2, { label: 1, score: 0.9, novelty: 1.5 }),
      generated(3, { label: 1, score: 0.2, novelty: 3 }),
    ];
    await writeAugmentedManifest(manifest, rows, file);
    const [first = ''] = manifest.classes;
    const byLabel = (own: Partial<RowThresholds>) => new Map([[first, own]]);
    const kept = async (name: string, rule: FilterRule) => {
      const target = join(folder, name);
      await filterManifest(file, target, rule);
      const left = (await read(target)).filter(({ source }) => source === 'generated');
      return left.map(({ index }) => index);
    };
    const all = { minScore: 0.7, minNovelty: 1.25 };
    expect(await kept('a.arrow', all)).toEqual([1, 2]);
    expect(await kept('b.arrow', { ...all, byLabel: byLabel({ minNovelty: 1 }) })).toEqual([
      0, 1, 2,
    ]);
    expect(await kept('c.arrow', { ...all, byLabel: byLabel({ minScore: 0.8 }) })).toEqual([2]);
    const none = { minScore: 0, minNovelty: 0 };
    expect(await kept('d.arrow', { ...none, byLabel: byLabel({ minNovelty: 2 }) })).toEqual([2, 3]);
  });

  it('tells what an output says of its generated rows, and shows their images', async () => {
    const { out, manifest } = await prepared();
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
