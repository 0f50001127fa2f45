import { tableFromIPC } from '@uwdata/flechette';
import {
  Binary,
  Bool,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Int32,
  Int64,
  LargeUtf8,
  List,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { greyPng, temporaryFolder, writeFiles } from './fixtures.js';
import { readManifest, type GeneratedRow } from '../src/index.js';

/** Columns of a record batch by their names. */
export type Columns = Record<string, Vector>;

/** Writes batches of one schema, each with dictionaries of its own where the format allows it. */
export async function write(
  folder: string,
  batches: readonly Columns[],
  metadata = {},
): Promise<string> {
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

/** A generated image of the first class. */
export function generated(index: number, overrides: Partial<GeneratedRow> = {}): GeneratedRow {
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

/** The rows of an Arrow file as another library reads them. */
export const read = async (file: string) =>
  tableFromIPC(await readFile(file), { useBigInt: true }).toArray() as Record<string, unknown>[];

const rows = [0, 1, 2, 3];
const list = new List(new Field('item', new Utf8()));
const pair = new FixedSizeList(2, new Field('item', new Float32()));
const struct = new Struct([new Field('a', new Int64()), new Field('b', list)]);
const bytes = new Dictionary(new Binary(), new Int32());
/** Real and generated rows of one batch, the second and the last of them generated, beside columns of many types. */
export const mixedColumns = () => ({
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

/** A manifest of two images, and an output folder with a generated one. */
export async function preparedOutput() {
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
