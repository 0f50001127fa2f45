import {
  Binary,
  Field,
  Float32,
  Int32,
  Schema,
  Utf8,
  vectorFromArray,
  type DataType,
  type RecordBatch,
} from 'apache-arrow';
import { openArrow } from '../manifest/open-arrow.js';
import { batchOf } from './record-batch.js';
import { writeArrow } from './write-arrow.js';

/** How one image was judged: a candidate, or a held-out real image by which candidates are measured. */
export interface JudgementRow {
  readonly label: string;
  /** `accepted`, why a candidate was rejected, or `held-out` for a real image. */
  readonly outcome: string;
  /** Number of the candidate within its class; null for a real image. */
  readonly index: number | null;
  /** The image's file as the manifest names it; null for a rejected candidate, which has none. */
  readonly path: string | null;
  /** Conformal percentile among held-out real images, in (0, 1]. */
  readonly score: number;
  /** Probability of being real, in (0, 1). */
  readonly probability: number;
  /** How far from the nearest train image, 1 at the copy threshold; NaN for a candidate that was not looked at. */
  readonly novelty: number;
  /** Path of the nearest train image; null where that is not known. */
  readonly nearest: string | null;
  /** PNG file of a rejected candidate that the report shows. */
  readonly image: Uint8Array | null;
}

const types: Readonly<Record<keyof JudgementRow, DataType>> = {
  label: new Utf8(),
  outcome: new Utf8(),
  index: new Int32(),
  path: new Utf8(),
  score: new Float32(),
  probability: new Float32(),
  novelty: new Float32(),
  nearest: new Utf8(),
  image: new Binary(),
};
const columns = Object.entries(types) as [keyof JudgementRow, DataType][];
const schema = new Schema(
  columns.map(([name, type]) => new Field(name, type, true)),
  new Map([['evenset', JSON.stringify({ format: 'evenset.judgements', formatVersion: 1 })]]),
);

/** Writes judgements as an Arrow file, atomically, a record batch for each group of rows. */
export async function writeJudgements(
  file: string,
  groups: Iterable<readonly JudgementRow[]> | AsyncIterable<readonly JudgementRow[]>,
): Promise<void> {
  async function* batches(): AsyncGenerator<RecordBatch> {
    // A file without any batch would be one without a schema.
    yield toBatch([]);
    for await (const rows of groups) yield toBatch(rows);
  }
  await writeArrow(file, batches());
}

/**
 * Reads judgements, a record batch at a time.
 *
 * @throws NotFoundError when the file is not there
 * @throws ManifestError when it is cut short or of another kind
 */
export async function* readJudgements(file: string): AsyncGenerator<JudgementRow[]> {
  const arrow = await openArrow(file);
  for await (const batch of arrow.batches()) {
    yield batch.toArray().map((row) => ({ ...(row.toJSON() as JudgementRow) }));
  }
}

function toBatch(rows: readonly JudgementRow[]): RecordBatch {
  const children = columns.flatMap(([name, type]) => {
    const values = rows.map((row) => row[name]);
    return vectorFromArray(values, type).data[0] ?? [];
  });
  return batchOf(schema, rows.length, children);
}
