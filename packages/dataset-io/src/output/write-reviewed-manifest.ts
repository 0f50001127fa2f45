import { DataType, Field, Schema, Utf8, type Data, type RecordBatch } from 'apache-arrow';
import type { Manifest } from '../manifest/manifest.js';
import { openArrow } from '../manifest/open-arrow.js';
import { reviewColumn } from '../manifest/own-columns.js';
import { batchOf, columnOf } from './record-batch.js';
import type { Review } from './review-rows.js';
import { encodeShared, sharedDictionaries, withDictionaries } from './shared-dictionaries.js';
import { writeArrow } from './write-arrow.js';

/** Key in the metadata of the review column: how many decisions it holds, of those that were ever made. */
const DECISIONS = 'evenset.decisions';

/**
 * Writes a manifest again with a person's decisions in the column `review`, atomically and a record batch at a
 * time; every other column, row and piece of metadata stays as it is.
 *
 * @param reviews decision by row number; rows that it does not have keep what they hold
 * @param decisions how many decisions came together in `reviews`, for {@link reviewedDecisions}
 */
export async function writeReviewedManifest(
  { arrow }: Pick<Manifest, 'arrow'>,
  reviews: ReadonlyMap<number, Review | null>,
  decisions: number,
  file: string,
): Promise<void> {
  const { fields, metadata } = arrow.schema;
  const name = reviewColumn(arrow.schema);
  const place = fields.findIndex((field) => field.name === name);
  const before = fields[place];
  const type = (before?.type ?? new Utf8()) as DataType;
  const notes = new Map(before?.metadata).set(DECISIONS, String(decisions));
  const field = new Field(name, type, true, notes);
  const at = place < 0 ? fields.length : place;
  const plain = new Schema(fields.toSpliced(at, 1, field), metadata);
  const extra = new Map([[at, new Set(reviews.values())]]);
  const shared = await sharedDictionaries(plain, arrow.batches(), { extra });
  const schema = withDictionaries(plain, shared);

  async function* batches(): AsyncGenerator<RecordBatch> {
    let first = 0;
    for await (const batch of arrow.batches()) {
      const children = schema.fields.map((own, i): Data => {
        const column = i < batch.numCols ? batch.getChildAt(i) : null;
        if (i === at) {
          const values = Array.from({ length: batch.numRows }, (_, row) => {
            const decided = reviews.get(first + row);
            // The writer takes null alone for a null.
            return decided === undefined ? ((column?.get(row) as unknown) ?? null) : decided;
          });
          return columnOf(at, type, values, shared);
        }
        const data = column?.data[0];
        if (!data) throw new Error(`The column ${own.name} is missing from a record batch.`);
        if (!DataType.isDictionary(own.type)) return data as Data;
        return encodeShared(shared, i, [...column] as unknown[]);
      });
      yield batchOf(schema, batch.numRows, children);
      first += batch.numRows;
    }
  }
  await writeArrow(file, batches());
}

/**
 * How many decisions a manifest holds, of those that were ever made in its review; undefined where it was not
 * reviewed.
 *
 * @throws NotFoundError when the file is not there
 */
export async function reviewedDecisions(file: string): Promise<number | undefined> {
  const { schema } = await openArrow(file);
  const name = reviewColumn(schema);
  const text = schema.fields.find((field) => field.name === name)?.metadata.get(DECISIONS);
  return text === undefined ? undefined : Number(text);
}
