import { DataType, type RecordBatch } from 'apache-arrow';
import type { ArrowFile } from './open-arrow.js';
import type { ManifestColumns } from './manifest-columns.js';

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
  readonly splits: readonly (string | null)[] | undefined;
  /** Path of each row; for an embedded image its struct's path, or `row-N` without one that no earlier row has. */
  readonly paths: readonly (string | null)[];
  /** `real` or `generated` where the manifest is an output of ours. */
  readonly origins: readonly (string | null)[] | undefined;
  readonly arrow: ArrowFile;
  readonly columns: ManifestColumns;
}

/** Reads text cells of one column of a batch; null where the column has none. */
export function textsOf(batch: RecordBatch, column: string): (row: number) => string | null {
  const found = batch.getChild(column);
  // Decodes each text of a dictionary once.
  const cells = found && DataType.isDictionary(found.type) ? found.memoize() : found;
  return (row) => {
    const value: unknown = cells?.get(row);
    return typeof value === 'string' ? value : null;
  };
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
  return splits?.find((split) => split !== null && isTrainSplit(split)) ?? 'train';
}

export function isTrainSplit(split: string): boolean {
  return split.toLowerCase() === 'train';
}
