import { tableFromIPC } from '@uwdata/flechette';
import {
  Dictionary,
  Field,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readManifest } from '../src/index.js';
import { writeAugmentedManifest } from '../src/output/write-augmented-manifest.js';
import { temporaryFolder } from './fixtures.js';

const type = new Dictionary(new Utf8(), new Int32(), 7);
const schema = new Schema([new Field('path', new Utf8(), true), new Field('label', type, true)]);
const words = (...values: string[]) => vectorFromArray(values, new Utf8());

/** A batch whose labels are indices into a dictionary of its own. */
function batch(paths: string[], indices: number[], dictionary: Vector<Utf8>): RecordBatch {
  const length = paths.length;
  const label = makeData({
    type,
    length,
    nullCount: 0,
    data: Int32Array.from(indices),
    dictionary,
  } as never);
  const [path] = words(...paths).data;
  const children = [path, label] as never;
  const data = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children });
  return new RecordBatch(schema, data);
}

it('reads dictionaries that grow from batch to batch, and writes one for the whole file', async () => {
  const folder = temporaryFolder();
  const start = words('dog', 'cat');
  const grown = start.concat(words('bag'));
  const writer = new RecordBatchStreamWriter();
  writer.write(batch(['1', '2'], [0, 1], start));
  writer.write(batch(['3', '4'], [2, 0], grown));
  const bytes = writer.finish().toUint8Array(true);
  const expected = ['dog', 'cat', 'bag', 'dog'];
  const labelsOf = (arrow: Uint8Array) =>
    (tableFromIPC(arrow).toArray() as { label: string }[]).map(({ label }) => label);
  expect(labelsOf(bytes)).toEqual(expected);

  const file = join(folder, 'labels.arrows');
  await writeFile(file, bytes);
  const manifest = await readManifest(file);
  expect(manifest.classes).toEqual(['bag', 'cat', 'dog']);
  expect([...manifest.labels]).toEqual([2, 1, 0, 2]);
  const out = join(folder, 'out.arrow');
  await writeAugmentedManifest(manifest, [], out);
  expect(labelsOf(await readFile(out))).toEqual(expected);
});
