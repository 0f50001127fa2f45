import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { decodeOptions } from '../decode/decode-options.js';
import { startWorkers } from '../decode/run-decode-task.js';
import { ManifestError, type QuarantineEntry } from '../errors.js';
import { removeTemporaryFiles, STALE_MS } from '../files/remove-temporary-files.js';
import { openTemporary } from '../files/write-file-atomic.js';
import { leadsOutside } from '../manifest/image-path.js';
import { listImages, type Listing } from './list-images.js';
import { scanImages, type ScanOptions } from './scan-images.js';
import { writeImages, type ScannedImage } from './write-manifest.js';

/** What was scanned into a manifest. */
export interface Scan {
  readonly images: number;
  /** Images of each class and split, in the order in which they come. */
  readonly counts: readonly ScanCount[];
  /** Whether a path leads out of the manifest's folder. */
  readonly hasOutside: boolean;
  /** What is not in the manifest. */
  readonly quarantine: readonly QuarantineEntry[];
}

interface ScanCount {
  readonly label: string;
  readonly split: string | null;
  images: number;
}

/**
 * Scans a folder tree, a glob, or a listing into a manifest, which is written while it is scanned: of an image that
 * becomes a row, nothing stays in memory but its file's name, and of a listing not that. What is decoded is kept in the
 * cache where one is given.
 *
 * @param source `DIR` with `<class>/` or `<split>/<class>/` in it, a glob whose files lie in class folders, or
 *   a `metadata.jsonl` or CSV file with `file_name` and `label`
 * @throws NotFoundError when there is no such source
 * @throws ManifestError when it holds no images that can be read; then nothing is written
 * @throws Error naming the manifest, before any image is read, when it cannot be written
 */
export async function buildManifest(
  source: string,
  file: string,
  { decoding = decodeOptions.parse({}), ...options }: Partial<ScanOptions> = {},
): Promise<Scan> {
  startWorkers(decoding);
  const folder = dirname(file);
  await removeTemporaryFiles(folder, { olderThanMs: STALE_MS, of: `${basename(file)}.` });
  const listing = await listImages(source);
  await assertWritable(file);
  const quarantine: QuarantineEntry[] = [];
  const counts = new Map<string, ScanCount>();
  let images = 0;
  let hasOutside = false;
  const count = ({ label, split, path }: ScannedImage) => {
    images++;
    const key = split === null ? label : `${split}\0${label}`;
    const known = counts.get(key);
    if (known) known.images++;
    else counts.set(key, { label, split, images: 1 });
    hasOutside ||= leadsOutside(path);
  };
  async function* scanned(): AsyncGenerator<readonly ScannedImage[]> {
    for await (const batch of scanImages(listing, folder, { decoding, ...options })) {
      for (const entry of batch.quarantine) quarantine.push(entry);
      batch.images.forEach(count);
      yield batch.images;
    }
    if (images === 0) throw noImages(source, listing, quarantine);
  }
  await writeImages(file, listing, scanned());
  return { images, counts: [...counts.values()], hasOutside, quarantine };
}

/** Tries where the file is to be, or where its folder is to be made: an error after hours of work comes too late. */
async function assertWritable(file: string): Promise<void> {
  let folder = dirname(resolve(file));
  while (!existsSync(folder)) folder = dirname(folder);
  const attempt = await openTemporary(join(folder, basename(file)));
  await attempt.close();
}

function noImages(
  source: string,
  { count }: Listing,
  [first]: readonly QuarantineEntry[],
): ManifestError {
  return new ManifestError(
    first
      ? `None of the ${count} images of ${source} can be read. ${first.path}: ${first.reason}`
      : `${source} lists no images.`,
  );
}
