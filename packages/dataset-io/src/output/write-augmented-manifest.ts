import {
  DataType,
  makeData,
  RecordBatch,
  Struct,
  vectorFromArray,
  type Data,
  type Field,
  type Schema,
} from 'apache-arrow';
import { dirname, relative, resolve, sep } from 'node:path';
import { leadsOutside, resolveImage } from '../manifest/image-path.js';
import type { Manifest } from '../manifest/manifest.js';
import type { GeneratedRow } from './generated-row.js';
import { outputSchema, type OutputSchema } from './output-schema.js';
import {
  encodeShared,
  sharedDictionaries,
  type SharedDictionaries,
} from './shared-dictionaries.js';
import { writeArrow } from './write-arrow.js';

/** Generated rows per record batch. */
const BATCH_ROWS = 4096;

/**
 * Writes a manifest again with generated rows behind its own, which stay as they are; our columns are null for
 * them but for `source`. Atomic, and streamed: one record batch in memory at a time.
 *
 * @param options.onWarning told what could not be carried through unchanged
 */
export async function writeAugmentedManifest(
  manifest: Manifest,
  generated: readonly GeneratedRow[],
  file: string,
  options: { onWarning?: (message: string) => void } = {},
): Promise<void> {
  const output = outputSchema(manifest.arrow.schema, manifest.file);
  for (const name of output.renamed) {
    options.onWarning?.(
      `The column "${name}" has another type; ours is written as "evenset_${name}".`,
    );
  }
  const labels = generated.map(({ label }) => manifest.classes[label] ?? null);
  const shared = await sharedDictionaries(
    output.schema,
    manifest.arrow.batches(),
    new Map<string, Iterable<unknown>>([
      ['label', labels],
      ['split', ['train']],
    ]),
  );

  async function* batches(): AsyncGenerator<RecordBatch> {
    let row = 0;
    for await (const batch of manifest.arrow.batches()) {
      yield realBatch(batch, row, manifest, output, shared, dirname(resolve(file)));
      row += batch.numRows;
    }
    for (let from = 0; from < generated.length; from += BATCH_ROWS) {
      yield generatedBatch(generated.slice(from, from + BATCH_ROWS), manifest, output, shared);
    }
  }
  await writeArrow(file, batches());
}

/** A batch of the input with our columns behind its own. */
function realBatch(
  batch: RecordBatch,
  firstRow: number,
  manifest: Manifest,
  { schema, own, added }: OutputSchema,
  shared: SharedDictionaries,
  folder: string,
): RecordBatch {
  const isAdded = new Set(added.map(({ name }) => name));
  const children = schema.fields.map((field): Data => {
    if (isAdded.has(field.name)) {
      const value = field.name === own.get('source') ? 'real' : null;
      return columnOf(field, new Array(batch.numRows).fill(value), shared);
    }
    const column = batch.getChild(field.name);
    const data = column?.data[0];
    if (!column || !data)
      throw new Error(`The column ${field.name} is missing from a record batch.`);
    if (field.name === 'path' && manifest.storage === 'path') {
      const moved = movedPaths(batch.numRows, firstRow, manifest, folder);
      if (moved) return columnOf(field, moved, shared);
    }
    return DataType.isDictionary(field.type)
      ? encodeShared(shared, field.name, field.type, [...column] as unknown[])
      : (data as Data);
  });
  return batchOf(schema, batch.numRows, children);
}

/** Paths of a batch that lead out of the manifest's folder, from the output's folder; undefined without any. */
function movedPaths(
  rows: number,
  firstRow: number,
  { paths, folder }: Manifest,
  outFolder: string,
): (string | null)[] | undefined {
  const own = paths.slice(firstRow, firstRow + rows);
  if (!own.some((path) => path !== null && leadsOutside(path))) return undefined;
  return own.map((path) =>
    path !== null && leadsOutside(path)
      ? relative(outFolder, resolveImage(folder, path)).split(sep).join('/')
      : path,
  );
}

function generatedBatch(
  rows: readonly GeneratedRow[],
  manifest: Manifest,
  { schema, own }: OutputSchema,
  shared: SharedDictionaries,
): RecordBatch {
  const values = new Map<string, (row: GeneratedRow) => unknown>([
    ['path', ({ path }) => path],
    ['label', ({ label }) => (manifest.columns.labelNames ? label : manifest.classes[label])],
    ['split', () => 'train'],
    ['image', ({ bytes, path }) => ({ bytes: bytes ?? null, path })],
    ['width', ({ width }) => width],
    ['height', ({ height }) => height],
    ['sha256', ({ sha256 }) => sha256],
    [own.get('source') ?? '', () => 'generated'],
    [own.get('score') ?? '', ({ score }) => score],
    [own.get('novelty') ?? '', ({ novelty }) => novelty],
    [own.get('nearest') ?? '', ({ nearest }) => nearest],
    [own.get('generator') ?? '', ({ generator }) => generator],
    [own.get('seed') ?? '', ({ seed }) => seed],
    [own.get('index') ?? '', ({ index }) => index],
  ]);
  const children = schema.fields.map((field) => {
    const valueOf = isOurs(field, manifest) ? values.get(field.name) : undefined;
    return columnOf(
      field,
      rows.map((row) => valueOf?.(row) ?? null),
      shared,
    );
  });
  return batchOf(schema, rows.length, children);
}

/** Whether a column of one of our names can take our values; a foreign one of another type stays null. */
function isOurs({ name, type }: Field, { storage }: Manifest): boolean {
  if (name === 'width' || name === 'height') return DataType.isInt(type);
  if (name === 'sha256') return DataType.isUtf8(type) || DataType.isLargeUtf8(type);
  if (name === 'image') return storage === 'embedded';
  return true;
}

/** Values as the data of a column. */
function columnOf(field: Field, values: readonly unknown[], shared: SharedDictionaries): Data {
  if (DataType.isDictionary(field.type))
    return encodeShared(shared, field.name, field.type, values);
  const isWide = DataType.isInt(field.type) && field.type.bitWidth === 64;
  const fitting = isWide
    ? values.map((value) => (typeof value === 'number' ? BigInt(value) : value))
    : values;
  const data = vectorFromArray(fitting, field.type as DataType).data[0];
  if (!data) throw new Error(`The column ${field.name} cannot be built.`);
  return data;
}

function batchOf(schema: Schema, length: number, children: Data[]): RecordBatch {
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length, nullCount: 0, children }));
}
