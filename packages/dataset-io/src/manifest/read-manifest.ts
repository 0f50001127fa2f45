import type { RecordBatch } from 'apache-arrow';
import { dirname, resolve } from 'node:path';
import { ManifestError } from '../errors.js';
import { hashFile } from '../files/hash-file.js';
import { assertInside } from './image-path.js';
import { manifestColumns, type ManifestColumns } from './manifest-columns.js';
import { decodedTexts, openCodedTexts } from './coded-texts.js';
import { labelsOf } from './labels-of.js';
import { imagesOf, textsOf, type Manifest } from './manifest.js';
import { openArrow } from './open-arrow.js';
import { openPackedTexts } from './packed-texts.js';

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
  const [labels, splits, origins] = [openCodedTexts(), openCodedTexts(), openCodedTexts()];
  const paths = openPackedTexts();
  const names = new Set<string>();
  for await (const batch of arrow.batches()) {
    const { numRows } = batch;
    const firstRow = paths.length;
    labels.add(numRows, labelsOf(batch, firstRow, columns, path));
    if (columns.split) splits.add(numRows, textsOf(batch, 'split'));
    if (columns.source) origins.add(numRows, textsOf(batch, columns.source.name));
    const pathOf = pathsOf(batch, firstRow, columns, names);
    for (let i = 0; i < numRows; i++) {
      const imagePath = pathOf(i);
      if (columns.storage === 'path' && imagePath !== null && !options.allowOutside) {
        assertInside(imagePath, firstRow + i, path);
      }
      paths.push(imagePath);
    }
  }
  if (paths.length === 0) throw new ManifestError(`The manifest ${path} has no rows.`);

  const classes = columns.labelNames ?? [...labels.texts].sort((a, b) => (a < b ? -1 : 1));
  const indices = new Map(classes.map((name, index) => [name, index]));
  const classOf = labels.texts.map((text) => indices.get(text) ?? -1);
  return {
    file: arrow.path,
    folder: dirname(arrow.path),
    sha256: await hashFile(arrow.path),
    rowCount: paths.length,
    storage: columns.storage,
    classes,
    labels: labels.codes().map((code) => classOf[code] ?? -1),
    splits: columns.split && decodedTexts(splits.texts, splits.codes()),
    paths: paths.rows(),
    origins: columns.source && decodedTexts(origins.texts, origins.codes()),
    arrow,
    columns,
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
