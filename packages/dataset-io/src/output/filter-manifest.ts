import { DataType, type Data, type RecordBatch } from 'apache-arrow';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ManifestError } from '../errors.js';
import { rebasePath } from '../manifest/image-path.js';
import { labelsOf } from '../manifest/labels-of.js';
import { manifestColumns } from '../manifest/manifest-columns.js';
import { nestedTypes } from '../manifest/nested-types.js';
import { openArrow } from '../manifest/open-arrow.js';
import { ownColumns } from '../manifest/own-columns.js';
import { batchOf, columnOf } from './record-batch.js';
import { reviewTest, type ReviewRule } from './review-rule.js';
import { sharedDictionaries, withDictionaries } from './shared-dictionaries.js';
import { writeArrow } from './write-arrow.js';

/** What a generated row must pass, in the order in which it is asked. */
type FilterTest = 'score' | 'novelty' | 'review';

/** How many rows a filter kept and dropped. */
export interface FilterCounts {
  readonly real: number;
  readonly kept: number;
  readonly dropped: number;
  /** The dropped rows by the first test that they fail. */
  readonly droppedBy: Readonly<Record<FilterTest, number>>;
}

/** What a generated row must reach to be kept. */
export interface RowThresholds {
  readonly minScore: number;
  readonly minNovelty: number;
}

/** Thresholds of every class, of single classes where they differ, and what a person's review has to say. */
export interface FilterRule extends RowThresholds {
  readonly byLabel?: ReadonlyMap<string, Partial<RowThresholds>>;
  /** any unless given */
  readonly review?: ReviewRule;
}

/** Whether a value reaches a threshold, both as precise as a manifest's columns: a score of .7 reaches .7. */
export function reaches(value: number, threshold: number): boolean {
  return Math.fround(value) >= Math.fround(threshold);
}

/**
 * Writes a manifest of ours again without the generated rows whose score or novelty is below what the rule asks of
 * their class, a null counting as 0, or that a person's review does not keep. Where the new file lies in another folder,
 * paths are rewritten so that they still resolve.
 *
 * @throws ManifestError when it is no output of ours, or when `target` exists
 */
export async function filterManifest(
  file: string,
  target: string,
  rule: FilterRule,
): Promise<FilterCounts> {
  const arrow = await openArrow(resolve(file));
  const { fields } = arrow.schema;
  const own = ownColumns(arrow.schema);
  const positionOf = (name: string) => fields.findIndex((field) => field.name === name);
  const need = (column: 'source' | 'score' | 'novelty') => {
    const at = positionOf(own.get(column) ?? column);
    if (at >= 0) return at;
    throw new ManifestError(
      `Expected a manifest that augment wrote but ${file} has no column "${column}".`,
    );
  };
  const [source, score] = [need('source'), need('score')];
  const novelty = asksForNovelty(rule) ? need('novelty') : -1;
  if (existsSync(target))
    throw new ManifestError(`The file ${target} exists already; name a new one with --out.`);

  const testOf = reviewTest(arrow.schema, rule.review ?? 'any', file);
  const [from, to] = [dirname(arrow.path), dirname(resolve(target))];
  // The paths of embedded images are names, not files.
  const isMoved = from !== to && positionOf('path') >= 0;
  const pathColumns = isMoved ? [positionOf('path'), positionOf(own.get('nearest') ?? '')] : [];
  const rebased = (cell: unknown) => (typeof cell === 'string' ? rebasePath(cell, from, to) : cell);
  const shared = await sharedDictionaries(arrow.schema, arrow.batches(), {
    rewrite: new Map(pathColumns.map((at) => [at, rebased])),
  });
  const schema = withDictionaries(arrow.schema, shared);
  const counts = { real: 0, kept: 0, dropped: 0, droppedBy: { score: 0, novelty: 0, review: 0 } };
  const columns = rule.byLabel?.size ? manifestColumns(arrow.schema, file) : undefined;

  /** The runs of rows of a batch that pass: slices, so that no value is built anew. */
  function* passingRuns(batch: RecordBatch): Generator<RecordBatch> {
    const origins = batch.getChildAt(source);
    const [scores, novelties] = [batch.getChildAt(score), batch.getChildAt(novelty)];
    const labelOf =
      columns && labelsOf(batch, counts.real + counts.kept + counts.dropped, columns, file);
    const isKept = testOf(batch);
    /** The first test that a generated row fails. */
    const failedTest = (row: number): FilterTest | undefined => {
      const { minScore, minNovelty } = { ...rule, ...rule.byLabel?.get(labelOf?.(row) ?? '') };
      if (!reaches(Number(scores?.get(row)), minScore)) return 'score';
      if (!reaches(Number(novelties?.get(row) ?? 0), minNovelty)) return 'novelty';
      return isKept(row) ? undefined : 'review';
    };
    let start = 0;
    for (let row = 0; row < batch.numRows; row++) {
      const isGenerated = origins?.get(row) === 'generated';
      const failed = isGenerated ? failedTest(row) : undefined;
      counts[isGenerated ? (failed ? 'dropped' : 'kept') : 'real']++;
      if (!failed) continue;
      counts.droppedBy[failed]++;
      if (row > start) yield batch.slice(start, row);
      start = row + 1;
    }
    if (batch.numRows > start) yield batch.slice(start, batch.numRows);
  }

  async function* batches(): AsyncGenerator<RecordBatch> {
    for await (const batch of arrow.batches()) {
      for (const run of passingRuns(batch)) yield rewritten(run);
      // A file without any batch would be one without a schema.
      if (counts.real + counts.kept === 0) yield rewritten(batch.slice(0, 0));
    }
  }

  function rewritten(run: RecordBatch): RecordBatch {
    const children = fields.map(({ name, type }, at): Data => {
      const column = run.getChildAt(at);
      const data = column?.data[0];
      if (!column || !data) throw new Error(`The column ${name} is missing from a record batch.`);
      const isPath = pathColumns.includes(at);
      const isEncoded = DataType.isDictionary(type);
      if (!isPath && !isEncoded && !holdsViews(type as DataType)) return data as Data;
      const cells = [...column] as unknown[];
      return columnOf(at, type as DataType, isPath ? cells.map(rebased) : cells, shared);
    });
    return batchOf(schema, run.numRows, children);
  }

  await writeArrow(target, batches());
  return counts;
}

/** Whether a type is, or contains, one whose slices the writer mixes up: it applies their offset twice. */
function holdsViews(type: DataType): boolean {
  return [type, ...nestedTypes(type)].some(
    (one) => DataType.isUtf8View(one) || DataType.isBinaryView(one),
  );
}

function asksForNovelty({ minNovelty, byLabel }: FilterRule): boolean {
  return minNovelty > 0 || [...(byLabel?.values() ?? [])].some((own) => (own.minNovelty ?? 0) > 0);
}
