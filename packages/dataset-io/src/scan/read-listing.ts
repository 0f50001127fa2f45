import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ManifestError } from '../errors.js';
import type { ImageFile } from './list-images.js';

/**
 * Reads a listing of images: `metadata.jsonl` or CSV with `file_name`, `label`, optionally `split`, and whatever else it
 * says of them; file names are relative to the listing's folder.
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
    const { file_name: fileName, label, split, ...listed } = row ?? {};
    const hasLabel = typeof label === 'number' || (typeof label === 'string' && label !== '');
    if (typeof fileName !== 'string' || fileName === '' || !hasLabel) {
      throw new ManifestError(
        `Expected file_name and label in entry ${i + 1} of ${path} but received ${JSON.stringify(row)}.`,
      );
    }
    return {
      file: resolve(dirname(path), fileName),
      label: String(label),
      split: splitOf(split, i + 1, path),
      listed,
    };
  });
}

/** A split's name, which may be a number: of a fold. */
function splitOf(split: unknown, entry: number, path: string): string | null {
  if (split === undefined || split === null || split === '') return null;
  if (typeof split === 'string' || typeof split === 'number') return String(split);
  throw new ManifestError(
    `Expected a split's name in entry ${entry} of ${path} but received ${JSON.stringify(split)}.`,
  );
}

/** What a listing is read for; a label of digits is a name too. */
const ownNames = new Set(['file_name', 'label', 'split']);

/** An entry of a listing; a line of JSON may hold anything. */
type Entry = Partial<Record<string, unknown>> | null;

function jsonRows(text: string, path: string): Entry[] {
  return text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => {
      try {
        return JSON.parse(withLongNumbersAsTexts(line)) as Entry;
      } catch {
        throw new ManifestError(`Expected a JSON object in line ${number} of ${path}.`);
      }
    });
}

/** Strings, which are left alone, and numbers of a text in JSON. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Whole numbers that JavaScript would round, identifiers mostly, become texts. */
function withLongNumbersAsTexts(json: string): string {
  return json.replace(stringOrNumber, (token) => (isLongNumber(token) ? `"${token}"` : token));
}

/** Whether a text is a whole number with more digits than a number of JavaScript holds. */
function isLongNumber(text: string): boolean {
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text));
}

function csvRows(text: string, path: string): Entry[] {
  try {
    const rows: Record<string, string>[] = parse(text, {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      delimiter: /\.tsv$/i.test(path) ? '\t' : ',',
    });
    return withNumbers(rows);
  } catch (error) {
    throw new ManifestError(`Expected CSV in ${path}: ${(error as Error).message}`);
  }
}

/** A number as JSON writes it: a postcode of 01234 is none. */
const number = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

/** Turns the columns in which every cell is empty, or a number that does not lose digits, into numbers. */
function withNumbers(rows: readonly Record<string, string>[]): Entry[] {
  const names = Object.keys(rows[0] ?? {}).filter((name) => !ownNames.has(name));
  const numeric = names.filter((name) =>
    rows.every(
      ({ [name]: cell = '' }) => cell === '' || (number.test(cell) && !isLongNumber(cell)),
    ),
  );
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(
      numeric.map((name) => [name, row[name] === '' ? null : Number(row[name])] as const),
    ),
  }));
}
