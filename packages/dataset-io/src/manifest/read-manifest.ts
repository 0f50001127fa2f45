import type { RecordBatch } from 'apache-arrow';
import { dirname, resolve } from 'node:path';
import { ManifestError } from '../errors.js';
import { hashFile } from '../files/hash-file.js';
import { assertInside } from './image-path.js';
import { manifestColumns, type ManifestColumns } from './manifest-columns.js';
import { labelsOf } from './labels-of.js';
import { imagesOf, textsOf, type Manifest } from './manifest.js';
import { openArrow } from './open-arrow.js';

/**
 * Reads a manifest's small columns, batch by batch.
 *
 * @throws NotFoundError when the file is not there
 * @throws ManifestError when it is damaged, lacks a column, or a path leads out of its folder
 */
export async function readManifest(
  path: string,
  options: { allowOutside?: boolean } = {},
): Promise<Manifest> {
  const arrow = await openArrow(resolve(path));
  const columns = manifestColumns(arrow.schema, path);
  /** Position in `found` of each row's label. */
  const labels: number[] = [];
  const found = openVocabulary();
  const shared = openSharedTexts();
  const splits: (string | null)[] = [];
  const paths: (string | null)[] = [];
  const origins: (string | null)[] = [];
  const names = new Set<string>();
  for await (const batch of arrow.batches()) {
    const pathOf = pathsOf(batch, paths.length, columns, names);
    const labelOf = labelsOf(batch, paths.length, columns, path);
    const splitOf = textsOf(batch, 'split');
    const originOf = textsOf(batch, columns.source?.name ?? '');
    for (let i = 0; i < batch.numRows; i++) {
      const imagePath = pathOf(i);
      if (columns.storage === 'path' && imagePath !== null && !options.allowOutside) {
        assertInside(imagePath, paths.length, path);
      }
      paths.push(imagePath);
      labels.push(found.indexOf(labelOf(i)));
      if (columns.split) splits.push(shared(splitOf(i)));
      if (columns.source) origins.push(shared(originOf(i)));
    }
  }
  if (paths.length === 0) throw new ManifestError(`The manifest ${path} has no rows.`);

  const classes = columns.labelNames ?? [...found.texts].sort((a, b) => (a < b ? -1 : 1));
  const indices = new Map(classes.map((name, index) => [name, index]));
  const classOf = found.texts.map((text) => indices.get(text) ?? -1);
  return {
    file: arrow.path,
    folder: dirname(arrow.path),
    sha256: await hashFile(arrow.path),
    rowCount: paths.length,
    storage: columns.storage,
    classes,
    labels: new Int32Array(labels.map((index) => classOf[index] ?? -1)),
    splits: columns.split ? splits : undefined,
    paths,
    origins: columns.source ? origins : undefined,
    arrow,
    columns,
  };
}

/** Different texts in the order in which they come: few words fill a column of millions. */
function openVocabulary() {
  const texts: string[] = [];
  const indices = new Map<string, number>();
  return {
    texts,
    /** -1 for a null. */
    indexOf: (text: string | null): number => {
      if (text === null) return -1;
      const known = indices.get(text);
      if (known !== undefined) return known;
      // A copy: the text may be a part of its whole column's, which it would keep in memory.
      const own = Buffer.from(text).toString();
      indices.set(own, texts.length);
      return texts.push(own) - 1;
    },
  };
}

/** Gives equal texts as one string. */
function openSharedTexts(): (text: string | null) => string | null {
  const { texts, indexOf } = openVocabulary();
  return (text) => texts[indexOf(text)] ?? null;
}

/**
 * Reads the paths of a batch that begins at `firstRow`. An embedded image without a name, or with that of an earlier
 * one, is called after its row: Hugging Face keeps a file's name, and not the folder.
 *
 * @param names those of the embedded images so far
 */
function pathsOf(
  batch: RecordBatch,
  firstRow: number,
  { storage }: ManifestColumns,
  names: Set<string>,
): (index: number) => string | null {
  if (storage === 'path') return textsOf(batch, 'path');
  const imageOf = imagesOf(batch);
  return (index) => {
    const { path } = imageOf(index);
    if (path === null || names.has(path)) return `row-${firstRow + index}`;
    names.add(path);
    return path;
  };
}
