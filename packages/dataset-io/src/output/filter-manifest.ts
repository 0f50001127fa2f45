import { DataType, makeData, RecordBatch, Struct, vectorFromArray, type Data } from 'apache-arrow';
import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { ManifestError } from '../errors.js';
import { resolveImage } from '../manifest/image-path.js';
import { openArrow } from '../manifest/open-arrow.js';
import { ownColumns } from './output-schema.js';
import { encodeShared, sharedDictionaries } from './shared-dictionaries.js';
import { writeArrow } from './write-arrow.js';

/** How many rows a filter kept and dropped. */
export interface FilterCounts {
  readonly real: number;
  readonly kept: number;
  readonly dropped: number;
}

/**
 * Writes a manifest of ours again without the generated rows whose score is below `minScore`. Where the new
 * file lies in another folder, paths are rewritten so that they still resolve.
 *
 * @throws ManifestError when it holds no generated rows, or when `target` exists
 */
export async function filterManifest(
  file: string,
  target: string,
  { minScore }: { minScore: number },
): Promise<FilterCounts> {
  const arrow = await openArrow(resolve(file));
  const own = ownColumns(arrow.schema);
  const [source, score] = [own.get('source') ?? '', own.get('score') ?? ''];
  if (!arrow.schema.fields.some(({ name }) => name === score)) {
    throw new ManifestError(
      `Expected a manifest that augment wrote but ${file} has no column "score".`,
    );
  }
  if (existsSync(target))
    throw new ManifestError(`The file ${target} exists already; name a new one with --out.`);
  const [from, to] = [dirname(arrow.path), dirname(resolve(target))];
  const rebase = (path: unknown) =>
    typeof path === 'string' ? relative(to, resolveImage(from, path)).split(sep).join('/') : path;
  const pathColumns = new Set(from === to ? [] : ['path', own.get('nearest')]);
  const shared = await sharedDictionaries(arrow.schema, arrow.batches(), new Map());
  const counts = { real: 0, kept: 0, dropped: 0 };

  async function* batches(): AsyncGenerator<RecordBatch> {
    for await (const batch of arrow.batches()) {
      const kept: number[] = [];
      for (let i = 0; i < batch.numRows; i++) {
        const isGenerated = batch.getChild(source)?.get(i) === 'generated';
        const passes = !isGenerated || Number(batch.getChild(score)?.get(i)) >= minScore;
        if (passes) kept.push(i);
        if (!isGenerated) counts.real++;
        else if (passes) counts.kept++;
        else counts.dropped++;
      }
      const children = batch.schema.fields.map((field): Data => {
        const column = batch.getChild(field.name);
        const data = column?.data[0];
        if (!column || !data)
          throw new Error(`The column ${field.name} is missing from a record batch.`);
        const isMoved = pathColumns.has(field.name);
        const isWhole = kept.length === batch.numRows && !isMoved;
        const values = () =>
          kept.map((i) => (isMoved ? rebase(column.get(i)) : (column.get(i) as unknown)));
        if (DataType.isDictionary(field.type))
          return encodeShared(shared, field.name, field.type, values());
        if (isWhole) return data as Data;
        return (vectorFromArray(values(), field.type as DataType).data[0] ?? data) as Data;
      });
      const type = new Struct(batch.schema.fields);
      const data = makeData({ type, length: kept.length, nullCount: 0, children });
      yield new RecordBatch(arrow.schema, data);
    }
  }
  await writeArrow(target, batches());
  return counts;
}
