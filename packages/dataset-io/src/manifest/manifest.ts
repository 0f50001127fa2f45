import { isAscii } from 'node:buffer';
import { DataType, type Data, type RecordBatch, type Utf8 } from 'apache-arrow';
import type { ManifestColumns } from './manifest-columns.js';
import type { ArrowFile } from './open-arrow.js';
import type { RowTexts } from './row-texts.js';

/** A manifest's small columns; image bytes stay on disk. */
export interface Manifest {
  /** Absolute path. */
  readonly file: string;
  readonly folder: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  readonly rowCount: number;
  /** Whether images are files or bytes inside the manifest. */
  readonly storage: 'path' | 'embedded';
  /** The labels' vocabulary: the manifest's own order for integers, else sorted by code unit. */
  readonly classes: readonly string[];
  /** Index into `classes` of each row, -1 for a null. */
  readonly labels: Int32Array;
  /** Split of each row; undefined without the column. */
  readonly splits: RowTexts | undefined;
  /** Path of each row; for an embedded image its struct's path, or `row-N` without one that no earlier row has. */
  readonly paths: RowTexts;
  /** `real` or `generated` where the manifest is an output of ours. */
  readonly origins: RowTexts | undefined;
  readonly arrow: ArrowFile;
  readonly columns: ManifestColumns;
}

/** Reads text cells of one column of a batch; null where the column has none. */
export function textsOf(batch: RecordBatch, column: string): (row: number) => string | null {
  const found = batch.getChild(column);
  const data = found?.data[0] as Data | undefined;
  if (data && isPlainText(data)) return plainTexts(data);
  // Decodes each text of a dictionary once.
  const cells = found && DataType.isDictionary(found.type) ? found.memoize() : found;
  return (row) => {
    const value: unknown = cells?.get(row);
    return typeof value === 'string' ? value : null;
  };
}

/** The cells of a column of texts: bytes behind each other, and where each begins. */
type TextData = Pick<Data<Utf8>, 'length' | 'values' | 'valueOffsets'>;

/** Bytes of a column's texts that are decoded in one piece: half of the longest string that there can be. */
const MOST_BYTES = 1 << 28;

/** Whether cells are there without a gap, of one byte a character, and not too many for one string. */
function isPlainText(data: Data): boolean {
  if (!DataType.isUtf8(data.type) || data.nullCount > 0) return false;
  const bytes = bytesOf(data);
  return bytes.length <= MOST_BYTES && isAscii(bytes);
}

/** Cells of such a column, decoded in one piece: one by one they take five times as long. */
function plainTexts(data: TextData): (row: number) => string | null {
  const { valueOffsets, length } = data;
  const first = valueOffsets[0] ?? 0;
  const whole = bytesOf(data).toString('latin1');
  return (row) =>
    row < length
      ? whole.slice((valueOffsets[row] ?? 0) - first, (valueOffsets[row + 1] ?? 0) - first)
      : null;
}

function bytesOf({ values, valueOffsets, length }: TextData): Buffer {
  const whole = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return whole.subarray(valueOffsets[0], valueOffsets[length]);
}

/** What the struct of an embedded image holds. */
interface EmbeddedImage {
  readonly bytes: Uint8Array | null;
  readonly path: string | null;
}

/** Reads the structs of a batch's column `image`. */
export function imagesOf(batch: RecordBatch): (row: number) => EmbeddedImage {
  const images = batch.getChild('image');
  return (row) => {
    const image = images?.get(row) as { bytes?: unknown; path?: unknown } | null | undefined;
    return {
      bytes: image?.bytes instanceof Uint8Array ? image.bytes : null,
      path: typeof image?.path === 'string' ? image.path : null,
    };
  };
}

/** How a manifest spells its train split. */
export function trainSplitOf({ splits }: Pick<Manifest, 'splits'>): string {
  for (const split of splits ?? []) if (split !== null && isTrainSplit(split)) return split;
  return 'train';
}

export function isTrainSplit(split: string): boolean {
  return split.toLowerCase() === 'train';
}
