import type { RecordBatch } from 'apache-arrow';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ManifestError } from '../errors.js';
import { assertInside } from './image-path.js';
import { manifestColumns, type ManifestColumns } from './manifest-columns.js';
import { imageAt, textAt, type Manifest } from './manifest.js';
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
  const splits: (string | null)[] = [];
  const paths: (string | null)[] = [];
  const origins: (string | null)[] = [];
  for await (const batch of arrow.batches()) {
    for (let i = 0; i < batch.numRows; i++) {
      const row = paths.length;
      const imagePath = pathAt(batch, i, row, columns);
      if (columns.storage === 'path' && imagePath !== null && !options.allowOutside) {
        assertInside(imagePath, row, path);
      }
      paths.push(imagePath);
      texts.push(labelAt(batch, i, row, columns, path));
      if (columns.split) splits.push(textAt(batch, 'split', i));
      if (columns.source) origins.push(textAt(batch, 'source', i));
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

function pathAt(
  batch: RecordBatch,
  index: number,
  row: number,
  { storage }: ManifestColumns,
): string | null {
  if (storage === 'path') return textAt(batch, 'path', index);
  return imageAt(batch, index).path ?? `row-${row}`;
}

function labelAt(
  batch: RecordBatch,
  index: number,
  row: number,
  { labelNames }: ManifestColumns,
  file: string,
): string | null {
  if (!labelNames) return textAt(batch, 'label', index);
  const value: unknown = batch.getChild('label')?.get(index);
  if (value === null || value === undefined) return null;
  const number = Number(value);
  // Hugging Face writes -1 where there is no label.
  if (number === -1) return null;
  const name = labelNames[number];
  if (name === undefined) {
    throw new ManifestError(
      `Expected a label from 0 to ${labelNames.length - 1} in row ${row} of ${file} but received ${number}.`,
    );
  }
  return name;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
