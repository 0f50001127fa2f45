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
  const texts: (string | null)[] = [];
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
      texts.push(shared(labelOf(i)));
      if (columns.split) splits.push(shared(splitOf(i)));
      if (columns.source) origins.push(shared(originOf(i)));
    }
  }
  if (paths.length === 0) throw new ManifestError(`The manifest ${path} has no rows.`);

  const classes =
    columns.labelNames ??
    [...new Set(texts.filter((text) => text !== null))].sort((a, b) => (a < b ? -1 : 1));
  const indices = new Map(classes.map((name, index) => [name, index]));
  return {
    file: arrow.path,
    folder: dirname(arrow.path),
    sha256: await hashFile(arrow.path),
    rowCount: paths.length,
    storage: columns.storage,
    classes,
    labels: Int32Array.from(texts, (text) => (text === null ? -1 : (indices.get(text) ?? -1))),
    splits: columns.split ? splits : undefined,
    paths,
    origins: columns.source ? origins : undefined,
    arrow,
    columns,
  };
}

/** Gives equal texts as one string: few words fill a column of millions. */
function openSharedTexts(): (text: string | null) => string | null {
  const known = new Map<string, string>();
  return (text) => {
    if (text === null) return null;
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
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
