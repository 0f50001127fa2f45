import { DataType, type Data, type RecordBatch } from 'apache-arrow';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { mapConcurrently } from '../files/map-concurrently.js';
import { outputPath } from '../manifest/image-path.js';
import { trainSplitOf, type Manifest } from '../manifest/manifest.js';
import type { GeneratedRow } from './generated-row.js';
import { batchOf, columnOf } from './record-batch.js';
import { outputSchema, type OutputSchema } from './output-schema.js';
import {
  encodeShared,
  sharedDictionaries,
  withDictionaries,
  type SharedDictionaries,
} from './shared-dictionaries.js';
import { writeArrow } from './write-arrow.js';

/** Generated rows per record batch, and bytes of their pixels where the image files are embedded. */
const BATCH_ROWS = 4096;
const BATCH_BYTES = 2 ** 26;
/** Image files read at a time, to be embedded. */
const CONCURRENT_READS = 16;

/** What every batch of an output is made with. */
interface Output extends OutputSchema {
  readonly manifest: Manifest;
  readonly shared: SharedDictionaries;
  /** Folder of the manifest that is written. */
  readonly folder: string;
}

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
  const described = outputSchema(manifest.arrow.schema, manifest.file);
  for (const name of described.renamed) {
    options.onWarning?.(
      `The column "${name}" is of another kind; ours is written as "evenset_${name}".`,
    );
  }
  const folder = dirname(resolve(file));
  const values = generatedValues(manifest, described, folder);
  const { fields } = described.schema;
  const extra = new Map(
    fields.flatMap(({ name, type }, at) => {
      const valueOf = values.get(name);
      return valueOf && DataType.isDictionary(type) ? [[at, generated.map(valueOf)] as const] : [];
    }),
  );
  const moved = (path: unknown) => outputPath(String(path), manifest.folder, folder);
  const path = manifest.storage === 'path' ? fields.findIndex(({ name }) => name === 'path') : -1;
  const shared = await sharedDictionaries(described.schema, manifest.arrow.batches(), {
    rewrite: new Map([[path, moved]]),
    extra,
  });
  const schema = withDictionaries(described.schema, shared);
  await writeArrow(file, batchesOf({ ...described, schema, manifest, shared, folder }, generated));
}

async function* batchesOf(
  output: Output,
  generated: readonly GeneratedRow[],
): AsyncGenerator<RecordBatch> {
  let row = 0;
  for await (const batch of output.manifest.arrow.batches()) {
    yield realBatch(batch, row, output);
    row += batch.numRows;
  }
  const length = rowsPerBatch(output.manifest, generated);
  for (let from = 0; from < generated.length; from += length) {
    yield await generatedBatch(generated.slice(from, from + length), output);
  }
}

function rowsPerBatch({ storage }: Manifest, [first]: readonly GeneratedRow[]): number {
  if (storage === 'path' || !first) return BATCH_ROWS;
  const rows = Math.floor(BATCH_BYTES / (first.width * first.height * 3));
  return Math.max(1, Math.min(BATCH_ROWS, rows));
}

/** A batch of the input with our columns behind its own. */
function realBatch(batch: RecordBatch, firstRow: number, output: Output): RecordBatch {
  const { schema, own, shared, manifest, folder } = output;
  const children = schema.fields.map(({ name, type }, at): Data => {
    const column = at < batch.numCols ? batch.getChildAt(at) : undefined;
    const data = column?.data[0];
    if (!column || !data) {
      const value = name === own.get('source') ? 'real' : null;
      return columnOf(at, type as DataType, new Array(batch.numRows).fill(value), shared);
    }
    if (name === 'path' && manifest.storage === 'path') {
      const paths = Array.from({ length: batch.numRows }, (_, i) =>
        manifest.paths.at(firstRow + i),
      );
      const moved = paths.map((path) => path && outputPath(path, manifest.folder, folder));
      if (moved.some((path, i) => path !== paths[i])) {
        return columnOf(at, type as DataType, moved, shared);
      }
    }
    return DataType.isDictionary(type)
      ? encodeShared(shared, at, [...column] as unknown[])
      : (data as Data);
  });
  return batchOf(schema, batch.numRows, children);
}

async function generatedBatch(rows: readonly GeneratedRow[], output: Output): Promise<RecordBatch> {
  const { schema, shared, manifest, folder } = output;
  const values = generatedValues(manifest, output, folder);
  const images =
    manifest.storage === 'embedded'
      ? await mapConcurrently(rows, CONCURRENT_READS, async ({ path }) => ({
          bytes: await readFile(join(folder, ...path.split('/'))),
          path,
        }))
      : undefined;
  const children = schema.fields.map(({ name, type }, at) => {
    const valueOf = values.get(name);
    const cells = name === 'image' && images ? images : rows.map((row) => valueOf?.(row) ?? null);
    return columnOf(at, type as DataType, cells, shared);
  });
  return batchOf(schema, rows.length, children);
}

/** What a generated row holds in each column that it knows, by the column's name. */
function generatedValues(
  manifest: Manifest,
  { schema, own }: OutputSchema,
  folder: string,
): Map<string, (row: GeneratedRow) => unknown> {
  const { storage, classes, columns } = manifest;
  const typeOf = (name: string) =>
    schema.fields.find((field) => field.name === name)?.type as DataType | undefined;
  /** A number, or null where it is not the column's kind or does not fit in. */
  const fitting = (name: string, value: number) => {
    const type = typeOf(name);
    const bits = DataType.isInt(type) ? type.bitWidth - (type.isSigned ? 1 : 0) : 0;
    return value < 2 ** bits ? value : null;
  };
  const isPlainText = (name: string) => {
    const type = typeOf(name);
    return DataType.isUtf8(type) || DataType.isLargeUtf8(type);
  };
  const split = trainSplitOf(manifest);
  return new Map<string, (row: GeneratedRow) => unknown>([
    ['path', ({ path }) => path],
    ['label', ({ label }) => (columns.labelNames ? label : classes[label])],
    ['split', () => split],
    ['width', ({ width }) => fitting('width', width)],
    ['height', ({ height }) => fitting('height', height)],
    ['sha256', ({ sha256 }) => (isPlainText('sha256') ? sha256 : null)],
    [own.get('source') ?? '', () => 'generated'],
    [own.get('score') ?? '', ({ score }) => score],
    [own.get('novelty') ?? '', ({ novelty }) => novelty],
    [
      own.get('nearest') ?? '',
      ({ nearest }) =>
        storage === 'path' ? outputPath(nearest, manifest.folder, folder) : nearest,
    ],
    [own.get('generator') ?? '', ({ generator }) => generator],
    [own.get('seed') ?? '', ({ seed }) => seed],
    [own.get('index') ?? '', ({ index }) => index],
  ]);
}
