import { isTrainSplit, type Manifest, type PixelStore } from '@evenset/dataset-io';
import type { ClassCount } from './plan-targets.js';

/** Train rows per class as the manifest lists them, readable or not. */
export function countRows(manifest: Manifest): ClassCount[] {
  const counts = manifest.classes.map((label) => ({ label, rows: 0, real: 0, generated: 0 }));
  manifest.labels.forEach((label, row) => {
    const count = counts[label];
    if (!count) return;
    count.rows++;
    if (isTrainRow(manifest, row)) count[isGenerated(manifest, row) ? 'generated' : 'real']++;
  });
  return counts;
}

/** Readable train images per class. */
export function countImages(
  manifest: Manifest,
  real: PixelStore,
  generated: PixelStore,
): ClassCount[] {
  const [ofReal, ofGenerated] = [real, generated].map(({ rows, labels }) => {
    const counts = new Array<number>(manifest.classes.length).fill(0);
    rows.forEach((row, position) => {
      const label = labels[position] ?? -1;
      if (isTrainRow(manifest, row)) counts[label] = (counts[label] ?? 0) + 1;
    });
    return counts;
  });
  return countRows(manifest).map((count, index) => ({
    ...count,
    real: ofReal?.[index] ?? 0,
    generated: ofGenerated?.[index] ?? 0,
  }));
}

/** Every row is a train row where the manifest has no splits. */
function isTrainRow({ splits }: Manifest, row: number): boolean {
  return isTrainSplit(splits?.at(row) ?? 'train');
}

/** Whether an earlier run of ours made a row. */
export function isGenerated({ origins }: Manifest, row: number): boolean {
  return origins?.at(row) === 'generated';
}

/** The rows of a manifest's images that have a label: real ones, or those that an earlier run made. */
export function labelledRows(manifest: Manifest, kind: 'real' | 'generated'): Int32Array {
  return manifest.labels
    .map((_, row) => row)
    .filter(
      (row) =>
        (manifest.labels[row] ?? -1) >= 0 && isGenerated(manifest, row) === (kind === 'generated'),
    );
}
