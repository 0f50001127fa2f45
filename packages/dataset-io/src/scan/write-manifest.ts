import { Field, Schema, makeVector, type RecordBatch } from 'apache-arrow';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { batchOf } from '../output/record-batch.js';
import { writeArrow } from '../output/write-arrow.js';
import type { QuarantineEntry } from '../errors.js';
import type { ScannedImage } from './scan-images.js';
import { listedColumns } from './listed-columns.js';
import { dictionaryColumn, textColumn } from './text-columns.js';

/** Rows that are written at once. */
const PIECE = 1 << 16;

/** Writes a scan as a manifest: path, label, split where there is one, width, height, sha256, and what a listing says. */
export async function writeManifest(images: readonly ScannedImage[], file: string): Promise<void> {
  const own = {
    path: textColumn(images.map(({ path }) => path)),
    label: dictionaryColumn(images.map(({ label }) => label)),
    ...(images.some(({ split }) => split !== null) && {
      split: dictionaryColumn(images.map(({ split }) => split)),
    }),
    width: makeVector(Int32Array.from(images, ({ width }) => width)),
    height: makeVector(Int32Array.from(images, ({ height }) => height)),
    sha256: textColumn(images.map(({ sha256 }) => sha256)),
  };
  const listed = images.some((image) => image.listed)
    ? listedColumns(
        images.map((image) => image.listed ?? {}),
        Object.keys(own),
      )
    : {};
  const columns = { ...own, ...listed };
  const fields = Object.entries(columns).map(([name, { type }]) => new Field(name, type, true));
  const metadata = new Map([
    ['evenset', JSON.stringify({ format: 'evenset.manifest', formatVersion: 1 })],
  ]);
  const children = Object.values(columns).flatMap(({ data }) => data[0] ?? []);
  const batch = batchOf(new Schema(fields, metadata), images.length, children);
  await writeArrow(file, piecesOf(batch));
}

/** Writes quarantine.jsonl: one line per image that was left out. */
export async function writeQuarantine(
  entries: readonly QuarantineEntry[],
  file: string,
): Promise<void> {
  await writeFileAtomic(
    file,
    Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
  );
}

/** A batch in pieces: what is being written is in memory twice. */
async function* piecesOf(batch: RecordBatch): AsyncGenerator<RecordBatch> {
  if (batch.numRows <= PIECE) {
    yield await Promise.resolve(batch);
    return;
  }
  for (let from = 0; from < batch.numRows; from += PIECE) yield batch.slice(from, from + PIECE);
}
