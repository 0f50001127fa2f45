import { tableFromIPC } from '@uwdata/flechette';
import {
  Binary,
  Dictionary,
  Field,
  Float32,
  Int32,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  filterManifest,
  openImageReader,
  readManifest,
  readReviewRows,
  reviewedDecisions,
  viewableImage,
  writeReviewedManifest,
} from '../src/index.js';
import { greyPng, png, temporaryFolder } from './fixtures.js';

const [words, otherWords] = [1, 2].map((id) => new Dictionary(new Utf8(), new Int32(), id)) as [
  Dictionary,
  Dictionary,
];
const imageType = new Struct([new Field('bytes', new Binary()), new Field('path', new Utf8())]);

type Columns = Record<string, Vector>;

/** Writes batches with metadata on the schema and on each field. */
async function write(
  batches: readonly Columns[],
  Writer: typeof RecordBatchFileWriter | typeof RecordBatchStreamWriter = RecordBatchFileWriter,
): Promise<string> {
  const file = join(temporaryFolder(), 'labels.arrow');
  const fields = Object.entries(batches[0] ?? {}).map(
    ([name, { type }]) => new Field(name, type, true, new Map([['note', name]])),
  );
  const schema = new Schema(fields, new Map([['owner', 'me']]));
  const writer = new Writer();
  for (const columns of batches) {
    for (const batch of new Table(schema, columns).batches) writer.write(batch);
  }
  await writeFile(file, writer.finish().toUint8Array(true));
  return file;
}

/** A real and two generated rows with words of their own, beside other columns. */
const rows = (suffix: string, more: Columns = {}): Columns => ({
  path: vectorFromArray(
    ['a', 'b', 'c'].map((name) => `${name}${suffix}`),
    new Utf8(),
  ),
  label: vectorFromArray(['bag', 'bag', `dog${suffix}`], words),
  source: vectorFromArray(['real', 'generated', 'generated'], new Utf8()),
  score: vectorFromArray([null, 0.25, 0.75], new Float32()),
  novelty: vectorFromArray([null, 1.5, NaN], new Float32()),
  nearest: vectorFromArray([null, `a${suffix}`, 'lost'], new Utf8()),
  ...more,
});

const read = async (file: string) => tableFromIPC(await readFile(file));
const reviewsOf = async (file: string) => (await read(file)).toArray() as Record<string, unknown>[];

describe('readReviewRows', () => {
  it('gives the generated rows of all batches, with the row of the nearest image', async () => {
    const manifest = await readManifest(
      await write([rows('1'), rows('2')], RecordBatchStreamWriter),
    );
    expect(await readReviewRows(manifest)).toEqual([
      { row: 1, label: 0, path: 'b1', score: 0.25, novelty: 1.5, nearest: 0, review: null },
      { row: 2, label: 1, path: 'c1', score: 0.75, novelty: null, nearest: null, review: null },
      { row: 4, label: 0, path: 'b2', score: 0.25, novelty: 1.5, nearest: 3, review: null },
      { row: 5, label: 2, path: 'c2', score: 0.75, novelty: null, nearest: null, review: null },
    ]);
  });
});

describe('writeReviewedManifest', () => {
  it('adds the column and leaves everything else as it is', async () => {
    const label = vectorFromArray(['bag', 'bag', 'dog'], words);
    const file = await write([rows('1', { label }), rows('2', { label })]);
    const target = join(temporaryFolder(), 'reviewed.arrow');
    const reviews = new Map([
      [1, 'accepted'],
      [2, null],
      [5, 'rejected'],
    ] as const);
    await writeReviewedManifest(await readManifest(file), reviews, 4, target);
    const [before, after] = [await read(file), await read(target)];
    const wanted = [null, 'accepted', null, null, null, 'rejected'];
    expect(after.toArray()).toEqual(
      before.toArray().map((row, i) => ({ ...(row as object), review: wanted[i] })),
    );
    expect(after.schema.metadata).toEqual(before.schema.metadata);
    expect(after.schema.fields.slice(0, -1)).toEqual(before.schema.fields);
    expect([await reviewedDecisions(file), await reviewedDecisions(target)]).toEqual([
      undefined,
      4,
    ]);
  });

  it.each([
    ['text', new Utf8()],
    ['a dictionary', otherWords],
  ])('goes on with a column of an earlier review that is %s', async (_name, type) => {
    const earlier = vectorFromArray([null, 'rejected', 'rejected'], type);
    const file = await write([rows('1', { review: earlier })]);
    const manifest = await readManifest(file);
    expect((await readReviewRows(manifest)).map(({ review }) => review)).toEqual([
      'rejected',
      'rejected',
    ]);
    const target = join(temporaryFolder(), 'reviewed.arrow');
    await writeReviewedManifest(manifest, new Map([[2, 'accepted']]), 1, target);
    const after = await reviewsOf(target);
    expect(after.map(({ review }) => review)).toEqual([null, 'rejected', 'accepted']);
    expect((await read(target)).schema.fields.at(-1)?.metadata.get('note')).toBe('review');
  });

  it('steps aside for a column of another kind', async () => {
    const stars = vectorFromArray([5, 4, 3], new Int32());
    const file = await write([rows('1', { review: stars })]);
    const target = join(temporaryFolder(), 'reviewed.arrow');
    await writeReviewedManifest(await readManifest(file), new Map([[1, 'rejected']]), 1, target);
    expect((await reviewsOf(target)).map((row) => [row.review, row.evenset_review])).toEqual([
      [5, null],
      [4, 'rejected'],
      [3, null],
    ]);
    const kept = join(temporaryFolder(), 'kept.arrow');
    expect(
      await filterManifest(target, kept, { minScore: 0, minNovelty: 0, review: 'not-rejected' }),
    ).toEqual({
      real: 1,
      kept: 1,
      dropped: 1,
      droppedBy: { score: 0, novelty: 0, review: 1 },
    });
  });
});

describe('openImageReader', () => {
  it.each([
    ['file', RecordBatchFileWriter],
    ['stream', RecordBatchStreamWriter],
  ])('reads embedded images of any row of a %s', async (_name, Writer) => {
    const levels = Array.from({ length: 14 }, (_, i) => 10 * i);
    const images = await Promise.all(levels.map(greyPng));
    const batches = Array.from({ length: 7 }, (_, b) => ({
      image: vectorFromArray(
        [
          { bytes: images[2 * b], path: `${b}` },
          { bytes: b === 3 ? null : images[2 * b + 1], path: null },
        ],
        imageType,
      ),
      label: vectorFromArray(['x', 'x'], new Utf8()),
    }));
    const reader = await openImageReader(await readManifest(await write(batches, Writer)));
    for (const row of [13, 0, 6, 2, 11, 13, 0]) {
      expect(Buffer.from(await reader.read(row))).toEqual(images[row]);
    }
    await expect(reader.read(7)).rejects.toThrow(/no image bytes/);
    await expect(reader.read(99)).rejects.toThrow(/no image bytes/);
  });
});

describe('viewableImage', () => {
  it('leaves what browsers show as it is, and turns TIFF into PNG', async () => {
    const plain = await png(7);
    expect(await viewableImage(plain)).toEqual({ type: 'image/png', bytes: plain });
    for (const format of ['jpeg', 'webp', 'gif', 'avif'] as const) {
      const bytes = await sharp(plain)[format]().toBuffer();
      expect(await viewableImage(bytes)).toEqual({ type: `image/${format}`, bytes });
    }
    const tiff = await viewableImage(await sharp(plain).tiff({ compression: 'lzw' }).toBuffer());
    expect(tiff.type).toBe('image/png');
    expect(await sharp(tiff.bytes).raw().toBuffer()).toEqual(await sharp(plain).raw().toBuffer());
    await expect(viewableImage(Buffer.from('no image'))).rejects.toThrow();
  });
});
