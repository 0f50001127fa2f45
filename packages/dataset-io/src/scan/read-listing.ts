import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ManifestError } from '../errors.js';
import type { ImageFile } from './list-images.js';

/**
 * Reads a listing of images: `metadata.jsonl` or CSV with `file_name`, `label` and optionally `split`; file
 * names are relative to the listing's folder.
 *
 * @throws ManifestError naming file and line
 */
export async function readListing(path: string): Promise<ImageFile[]> {
  const text = await readFile(path, 'utf8');
  const rows = /\.jsonl$/i.test(path)
    ? jsonRows(text, path)
    : /\.(csv|tsv)$/i.test(path)
      ? csvRows(text, path)
      : undefined;
  if (!rows) {
    throw new ManifestError(
      `Expected a folder, a glob, a .jsonl or a .csv file but received ${path}.`,
    );
  }
  return rows.map((row, i) => {
    const { file_name: fileName, label, split } = row ?? {};
    if (typeof fileName !== 'string' || (typeof label !== 'string' && typeof label !== 'number')) {
      throw new ManifestError(
        `Expected file_name and label in entry ${i + 1} of ${path} but received ${JSON.stringify(row)}.`,
      );
    }
    return {
      file: resolve(dirname(path), fileName),
      label: String(label),
      split: typeof split === 'string' && split !== '' ? split : null,
    };
  });
}

/** An entry of a listing; a line of JSON may hold anything. */
type Entry = Partial<Record<string, unknown>> | null;

function jsonRows(text: string, path: string): Entry[] {
  return text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => {
      try {
        return JSON.parse(line) as Entry;
      } catch {
        throw new ManifestError(`Expected a JSON object in line ${number} of ${path}.`);
      }
    });
}

function csvRows(text: string, path: string): Entry[] {
  try {
    return parse(text, {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      delimiter: /\.tsv$/i.test(path) ? '\t' : ',',
    });
  } catch (error) {
    throw new ManifestError(`Expected CSV in ${path}: ${(error as Error).message}`);
  }
}
