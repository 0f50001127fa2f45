import {
  Field,
  Int32,
  Schema,
  Utf8,
  makeVector,
  type Data,
  type DataType,
  type RecordBatch,
  type Vector,
} from 'apache-arrow';
import { batchOf } from '../output/record-batch.js';
import { writeArrow } from '../output/write-arrow.js';
import {
  kindOf,
  listedVector,
  manifestNames,
  openListedColumns,
  typeOf,
  type ListedColumn,
  type ListedValues,
} from './listed-columns.js';
import { openDictionary, textVector } from './text-vectors.js';

/** One image of a new manifest. */
export interface ScannedImage {
  /** Relative to the manifest's folder, with `/`. */
  readonly path: string;
  readonly label: string;
  readonly split: string | null;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  /** What a listing says of it beside its label and split. */
  readonly listed?: ListedValues;
}

/** What the columns of a manifest hold, which its schema tells before its first row. */
export interface ManifestLayout {
  /** Different labels. */
  readonly labels: readonly string[];
  /** Different splits; none where there is no such column. */
  readonly splits: readonly string[];
  readonly listed: readonly ListedColumn[];
}

/** Rows that are written at once. */
const PIECE = 1 << 16;

type ImageBatches = Iterable<readonly ScannedImage[]> | AsyncIterable<readonly ScannedImage[]>;

/** A column of a manifest, and how a part of it is made. */
interface Column {
  readonly name: string;
  readonly type: DataType;
  vectorOf(images: readonly ScannedImage[]): Vector;
}

/** Writes a manifest: path, label, split where there is one, width, height, sha256, and what a listing says. */
export async function writeManifest(images: readonly ScannedImage[], file: string): Promise<void> {
  const columns = openListedColumns(kindOf);
  for (const { listed } of images) if (listed) columns.learn(listed);
  const layout = {
    labels: [...new Set(images.map(({ label }) => label))],
    splits: [...new Set(images.flatMap(({ split }) => split ?? []))],
    listed: columns.columns(),
  };
  await writeImages(file, layout, [images]);
}

/** The same for images that come batch by batch, and are not kept. */
export async function writeImages(
  file: string,
  layout: ManifestLayout,
  batches: ImageBatches,
): Promise<void> {
  const columns = columnsOf(layout);
  const fields = columns.map(({ name, type }) => new Field(name, type, true));
  const metadata = new Map([
    ['evenset', JSON.stringify({ format: 'evenset.manifest', formatVersion: 1 })],
  ]);
  const schema = new Schema(fields, metadata);
  async function* recordBatches(): AsyncGenerator<RecordBatch> {
    for await (const images of piecesOf(batches)) {
      const children = columns.flatMap((column) => column.vectorOf(images).data.slice(0, 1));
      yield batchOf(schema, images.length, children as Data[]);
    }
  }
  await writeArrow(file, recordBatches());
}

function columnsOf({ labels, splits, listed }: ManifestLayout): Column[] {
  const own: Column[] = [
    texts('path', ({ path }) => path),
    words('label', labels, ({ label }) => label),
    ...(splits.length > 0 ? [words('split', splits, ({ split }) => split)] : []),
    numbers('width', ({ width }) => width),
    numbers('height', ({ height }) => height),
    texts('sha256', ({ sha256 }) => sha256),
  ];
  const taken = own.map(({ name }) => name);
  const names = manifestNames(listed, taken);
  const further = listed.map((column, at): Column => ({
    name: names[at] ?? column.name,
    type: typeOf(column),
    vectorOf: (images) =>
      listedVector(
        column,
        images.map((image) => image.listed ?? {}),
      ),
  }));
  return [...own, ...further];
}

function texts(name: string, of: (image: ScannedImage) => string): Column {
  return { name, type: new Utf8(), vectorOf: (images) => textVector(images.map(of)) };
}

function words(
  name: string,
  all: readonly string[],
  of: (image: ScannedImage) => string | null,
): Column {
  const dictionary = openDictionary(all);
  const { type } = dictionary;
  return { name, type, vectorOf: (images) => dictionary.vectorOf(images.map(of)) };
}

function numbers(name: string, of: (image: ScannedImage) => number): Column {
  return {
    name,
    type: new Int32(),
    vectorOf: (images) => makeVector(Int32Array.from(images, of)),
  };
}

/** Images in arrays of `PIECE`, the last one shorter; an empty one where there are none. */
async function* piecesOf(batches: ImageBatches): AsyncGenerator<readonly ScannedImage[]> {
  let piece: ScannedImage[] = [];
  let isFirst = true;
  for await (const batch of batches) {
    for (const image of batch) {
      piece.push(image);
      if (piece.length < PIECE) continue;
      yield piece;
      [piece, isFirst] = [[], false];
    }
  }
  if (isFirst || piece.length > 0) yield piece;
}
