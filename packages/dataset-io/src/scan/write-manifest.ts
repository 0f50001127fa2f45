import {
  Field,
  Schema,
  Utf8,
  makeVector,
  type Data,
  type RecordBatch,
  type Vector,
} from 'apache-arrow';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { batchOf } from '../output/record-batch.js';
import { writeArrow } from '../output/write-arrow.js';
import type { QuarantineEntry } from '../errors.js';
import type { ScannedImage } from './scan-images.js';
import { listedColumns } from './listed-columns.js';
import { dictionaryColumn, textColumn } from './text-columns.js';

/** Rows that are written at once. */
const PIECE = 1 << 16;

/** A column, or what makes a part of it: long texts take as much memory again. */
type Column = Vector | ((images: readonly ScannedImage[]) => Vector<Utf8>);

/** Writes a scan as a manifest: path, label, split where there is one, width, height, sha256, and what a listing says. */
export async function writeManifest(images: readonly ScannedImage[], file: string): Promise<void> {
  const own = {
    path: (some: readonly ScannedImage[]) => textColumn(some.map(({ path }) => path)),
    label: dictionaryColumn(images.map(({ label }) => label)),
    ...(images.some(({ split }) => split !== null) && {
      split: dictionaryColumn(images.map(({ split }) => split)),
    }),
    width: makeVector(Int32Array.from(images, ({ width }) => width)),
    height: makeVector(Int32Array.from(images, ({ height }) => height)),
    sha256: (some: readonly ScannedImage[]) => textColumn(some.map(({ sha256 }) => sha256)),
  };
  const listed = images.some((image) => image.listed)
    ? listedColumns(
        images.map((image) => image.listed ?? {}),
        Object.keys(own),
      )
    : {};
  const columns: Record<string, Column> = { ...own, ...listed };
  const fields = Object.entries(columns).map(
    ([name, column]) =>
      new Field(name, typeof column === 'function' ? new Utf8() : column.type, true),
  );
  const metadata = new Map([
    ['evenset', JSON.stringify({ format: 'evenset.manifest', formatVersion: 1 })],
  ]);
  const schema = new Schema(fields, metadata);
  await writeArrow(file, piecesOf(schema, Object.values(columns), images));
}

async function* piecesOf(
  schema: Schema,
  columns: readonly Column[],
  images: readonly ScannedImage[],
): AsyncGenerator<RecordBatch> {
  for (let from = 0; from < Math.max(1, images.length); from += PIECE) {
    const some = images.slice(from, from + PIECE);
    const children = columns.flatMap((column): Data[] => {
      const part = typeof column === 'function' ? column(some) : column.slice(from, from + PIECE);
      return part.data.slice(0, 1) as Data[];
    });
    yield await Promise.resolve(batchOf(schema, some.length, children));
  }
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
