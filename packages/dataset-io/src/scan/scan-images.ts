import { relative, resolve, sep } from 'node:path';
import { inspectInParallel } from '../decode/image-pool.js';
import { ManifestError, type QuarantineEntry } from '../errors.js';
import { listImages } from './list-images.js';

/** One image of a new manifest. */
export interface ScannedImage {
  /** Relative to the manifest's folder, with `/`. */
  readonly path: string;
  readonly label: string;
  readonly split: string | null;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

export interface Scan {
  readonly images: readonly ScannedImage[];
  readonly quarantine: readonly QuarantineEntry[];
}

/**
 * Scans a folder tree, a glob, or a listing into what a manifest holds.
 *
 * @param source `DIR` with `<class>/` or `<split>/<class>/` in it, a glob whose files lie in class folders, or
 *   a `metadata.jsonl` or CSV file with `file_name` and `label`
 * @param folder the manifest's folder, which paths are relative to
 * @throws NotFoundError when there is no such source
 * @throws ManifestError when it holds no images
 */
export async function scanImages(
  source: string,
  folder: string,
  options: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<Scan> {
  const { files, leftOut } = await listImages(source);
  const pathOf = (file: string) => relative(resolve(folder), file).split(sep).join('/');
  const images: ScannedImage[] = [];
  const quarantine = leftOut.map(({ file, reason }): QuarantineEntry => {
    return { row: null, path: pathOf(file), reason };
  });
  let done = 0;
  for await (const inspected of inspectInParallel(files.map(({ file }) => file))) {
    options.signal?.throwIfAborted();
    const hashes = Buffer.from(inspected.sha256.buffer);
    for (let place = 0; place * 2 < inspected.sizes.length; place++) {
      const { file, label, split } = files[done++] ?? { file: '', label: '', split: null };
      const path = pathOf(file);
      const reason = inspected.failures.get(place);
      if (reason !== undefined) {
        quarantine.push({ row: null, path, reason });
        continue;
      }
      const [width = 0, height = 0] = inspected.sizes.subarray(place * 2);
      const sha256 = hashes.toString('hex', place * 32, (place + 1) * 32);
      images.push({ path, label, split, width, height, sha256 });
    }
    options.onProgress?.(done, files.length);
  }
  if (images.length === 0) {
    const [first] = quarantine;
    throw new ManifestError(
      first
        ? `None of the ${files.length} images of ${source} can be read. ${first.path}: ${first.reason}`
        : `${source} lists no images.`,
    );
  }
  return { images, quarantine };
}
