import { relative, resolve, sep } from 'node:path';
import { inspectInParallel, startThreads } from '../decode/image-pool.js';
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
  startThreads();
  const { files, leftOut } = await listImages(source);
  const root = resolve(folder) + sep;
  const pathOf = (file: string) => {
    const path = file.startsWith(root) ? file.slice(root.length) : relative(root, file);
    return path.split(sep).join('/');
  };
  const images: ScannedImage[] = [];
  const quarantine = leftOut.map(({ file, reason }): QuarantineEntry => {
    return { row: null, path: pathOf(file), reason };
  });
  let done = 0;
  const inspected = inspectInParallel(files.map(({ file }) => file));
  for await (const { sizes, sha256: hashes, failures } of inspected) {
    options.signal?.throwIfAborted();
    const hex = Buffer.from(hashes.buffer).toString('hex');
    for (let place = 0; place * 2 < sizes.length; place++) {
      const { file, label, split } = files[done++] ?? { file: '', label: '', split: null };
      const path = pathOf(file);
      const reason = failures.get(place);
      if (reason !== undefined) {
        quarantine.push({ row: null, path, reason });
        continue;
      }
      const [width, height] = [sizes[place * 2] ?? 0, sizes[place * 2 + 1] ?? 0];
      const sha256 = hex.slice(place * 64, (place + 1) * 64);
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
