import {
  openPixelStore,
  readManifest,
  splitImages,
  type Manifest,
  type PixelStore,
  type QuarantineEntry,
  type SplitRows,
} from '@evenset/dataset-io';
import type { CommandContext } from '../command.js';
import { RunError } from '../errors.js';
import type { InputOptions } from '../options/input-options.js';
import { defaultCacheDir } from '../run/cache-dir.js';
import type { ClassCount } from './plan-targets.js';

/** A manifest with its images decoded and split. */
export interface Input {
  readonly manifest: Manifest;
  /** Every readable real image with a label. */
  readonly pixels: PixelStore;
  /** Positions in `pixels`. */
  readonly split: SplitRows;
  readonly counts: readonly ClassCount[];
  readonly quarantine: readonly QuarantineEntry[];
  readonly warnings: readonly string[];
}

/** Train rows per class as the manifest lists them; images that cannot be read are still counted. */
export function countRows(manifest: Manifest): ClassCount[] {
  return manifest.classes.map((label, index) => {
    let real = 0;
    let generated = 0;
    for (let row = 0; row < manifest.rowCount; row++) {
      if (manifest.labels[row] !== index || !isTrainRow(manifest, row)) continue;
      if (isGenerated(manifest, row)) generated++;
      else real++;
    }
    return { label, real, generated };
  });
}

/**
 * Reads a manifest, decodes its real images (or finds them in the cache) and splits them.
 *
 * @throws RunError when fewer than one image is readable
 */
export async function readInput(
  options: InputOptions & { readonly seed: number },
  { narrator, signal }: CommandContext,
): Promise<Input> {
  const quarantine: QuarantineEntry[] = [];
  const onQuarantine = (entry: QuarantineEntry) => quarantine.push(entry);
  const manifest = await readManifest(options.manifest, {
    allowOutside: options.allowOutside,
    onQuarantine,
  });
  const rows = Array.from({ length: manifest.rowCount }, (_, row) => row).filter(
    (row) => (manifest.labels[row] ?? -1) >= 0 && !isGenerated(manifest, row),
  );

  const bar = narrator.progress('read', rows.length, 'images');
  const pixels = await openPixelStore(manifest, {
    ...options,
    rows,
    cacheDir: options.cacheDir ?? defaultCacheDir(),
    signal,
    onProgress: (done) => {
      bar.update(done);
    },
    onQuarantine,
  }).finally(() => {
    bar.stop();
  });
  if (pixels.count === 0) {
    const first = quarantine[0];
    const why = first ? ` The first: ${first.path}: ${first.reason}` : '';
    throw new RunError(
      `None of the ${rows.length} labelled images of ${manifest.file} can be read.${why}`,
    );
  }

  const { splits } = manifest;
  const split = splitImages({
    labels: pixels.labels,
    sha256: pixels.sha256,
    classCount: manifest.classes.length,
    seed: options.seed,
    ...(splits && { splits: Array.from(pixels.rows, (row) => splits[row] ?? null) }),
  });
  return {
    manifest,
    pixels,
    split,
    counts: countImages(manifest, pixels),
    quarantine,
    warnings: split.warnings,
  };
}

/** Train images per class: readable real ones, and generated ones of an earlier run. */
function countImages(manifest: Manifest, pixels: PixelStore): ClassCount[] {
  const readable = new Array<number>(manifest.classes.length).fill(0);
  pixels.rows.forEach((row, position) => {
    const label = pixels.labels[position] ?? -1;
    if (isTrainRow(manifest, row)) readable[label] = (readable[label] ?? 0) + 1;
  });
  return countRows(manifest).map((count, index) => ({ ...count, real: readable[index] ?? 0 }));
}

/** A row counts for its class when it is a train row, or when the manifest has no splits. */
function isTrainRow({ splits }: Manifest, row: number): boolean {
  const split = splits?.[row] ?? 'train';
  return split === 'train';
}

function isGenerated({ origins }: Manifest, row: number): boolean {
  return origins?.[row] === 'generated';
}
