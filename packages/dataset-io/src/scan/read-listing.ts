import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { stampOf } from '../decode/file-stamp.js';
import { ManifestError } from '../errors.js';
import { linesOf } from '../files/lines-of.js';
import { statIfThere } from '../files/stat-if-there.js';
import type { ImageFile, Listing } from './list-images.js';
import { kindOf, openListedColumns, type Kind } from './listed-columns.js';

/** An entry of a listing; a line of JSON may hold anything. */
type Entry = Partial<Record<string, unknown>> | null;

/** How a listing is read. */
interface Format {
  entriesOf(path: string): AsyncIterable<Entry>;
  /** What a value is that is neither missing nor empty. */
  readonly kindOf: (value: unknown) => Kind;
}

/**
 * Reads a listing of images: `metadata.jsonl` or CSV with `file_name`, `label`, optionally `split`, and whatever else it
 * says of them; file names are relative to the listing's folder. It is read twice: for what its columns hold, and
 * entry by entry as the files are asked for, because it may have millions.
 *
 * @throws ManifestError naming file and line; Error of the system when it cannot be read
 */
export async function readListing(path: string): Promise<Listing> {
  const format = /\.jsonl$/i.test(path) ? jsonLines : /\.(csv|tsv)$/i.test(path) ? csv : undefined;
  if (!format) {
    throw new ManifestError(
      `Expected a folder, a glob, a .jsonl or a .csv file but received ${path}.`,
    );
  }
  const version = versionOf(path);
  const [labels, splits] = [new Set<string>(), new Set<string>()];
  const columns = openListedColumns(format.kindOf);
  let count = 0;
  for await (const { label, split, listed } of filesOf(path, format)) {
    count++;
    labels.add(label);
    if (split !== null) splits.add(split);
    columns.learn(listed);
  }
  return {
    count,
    labels: [...labels],
    splits: [...splits],
    listed: columns.columns(),
    files: filesOfVersion(version, path, format),
    leftOut: [],
  };
}

/** @throws ManifestError when the listing has become another one, at the beginning or at the end */
async function* filesOfVersion(
  version: string,
  path: string,
  format: Format,
): AsyncGenerator<ImageFile> {
  const assertSame = () => {
    if (versionOf(path) === version) return;
    throw new ManifestError(`${path} changed while it was scanned; scan it again.`);
  };
  assertSame();
  try {
    yield* filesOf(path, format);
  } finally {
    // Whatever a half-written entry is called.
    assertSame();
  }
}

/** What tells one version of a file from another. */
function versionOf(path: string): string {
  return stampOf(statIfThere(path)).join();
}

async function* filesOf(path: string, format: Format): AsyncGenerator<Required<ImageFile>> {
  const folder = dirname(path);
  let number = 0;
  for await (const entry of format.entriesOf(path)) {
    number++;
    const { file_name: fileName, label, split, ...listed } = entry ?? {};
    const hasLabel = typeof label === 'number' || (typeof label === 'string' && label !== '');
    if (typeof fileName !== 'string' || fileName === '' || !hasLabel) {
      throw new ManifestError(
        `Expected file_name and label in entry ${number} of ${path} but received ${JSON.stringify(entry)}.`,
      );
    }
    yield {
      file: resolve(folder, fileName),
      label: String(label),
      split: splitOf(split, number, path),
      listed,
    };
  }
}

/** A split's name, which may be a number: of a fold. */
function splitOf(split: unknown, entry: number, path: string): string | null {
  if (split === undefined || split === null || split === '') return null;
  if (typeof split === 'string' || typeof split === 'number') return String(split);
  throw new ManifestError(
    `Expected a split's name in entry ${entry} of ${path} but received ${JSON.stringify(split)}.`,
  );
}

const jsonLines: Format = {
  async *entriesOf(path) {
    let number = 0;
    for await (const line of linesOf(path)) {
      number++;
      const text = line.trim();
      if (text === '') continue;
      yield entryOf(text, number, path);
    }
  },
  kindOf,
};

function entryOf(json: string, line: number, path: string): Entry {
  try {
    return JSON.parse(withLongNumbersAsTexts(json)) as Entry;
  } catch {
    throw new ManifestError(`Expected a JSON object in line ${line} of ${path}.`);
  }
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

const csv: Format = {
  async *entriesOf(path) {
    const { CsvError, parse } = await import('csv-parse');
    const rows = parse({
      columns: true,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      delimiter: /\.tsv$/i.test(path) ? '\t' : ',',
    });
    // An error reaches whoever reads the rows.
    pipeline(createReadStream(path), rows, () => undefined);
    try {
      for await (const row of rows as AsyncIterable<Record<string, string>>) yield row;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw new ManifestError(`Expected CSV in ${path}: ${error.message}`);
    }
  },
  kindOf: (cell) => (isNumber(String(cell)) ? kindOf(Number(cell)) : 'text'),
};

/** A number as JSON writes it, which loses no digits: a postcode of 01234 is none. */
function isNumber(cell: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(cell) && !isLongNumber(cell);
}
