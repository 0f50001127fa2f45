import type { Manifest } from '../manifest/manifest.js';
import { textsOf } from '../manifest/manifest.js';
import { ownColumns, reviewColumn } from '../manifest/own-columns.js';

/** What a person says of a generated image. */
export type Review = 'accepted' | 'rejected';

/** A generated image as a person judges it. */
export interface ReviewRow {
  /** Row number in the manifest, from 0. */
  readonly row: number;
  /** Index into the manifest's classes, -1 for none. */
  readonly label: number;
  readonly path: string;
  readonly score: number | null;
  readonly novelty: number | null;
  /** Row number of the nearest real image; null where the manifest does not have it. */
  readonly nearest: number | null;
  /** What the manifest itself holds, of an earlier review. */
  readonly review: Review | null;
}

/** The generated rows of a manifest that augment wrote, in their order. */
export async function readReviewRows(manifest: Manifest): Promise<ReviewRow[]> {
  const { arrow, origins, paths, labels } = manifest;
  const own = ownColumns(arrow.schema);
  const rowOfPath = new Map(Array.from(paths, (path, row) => [path, row]));
  const rows: ReviewRow[] = [];
  let first = 0;
  for await (const batch of arrow.batches()) {
    const [scores, novelties] = (['score', 'novelty'] as const).map((name) => {
      const cells = batch.getChild(own.get(name) ?? name);
      return (i: number) => numberOrNull(cells?.get(i));
    });
    const nearestOf = textsOf(batch, own.get('nearest') ?? 'nearest');
    const reviewOf = textsOf(batch, reviewColumn(arrow.schema));
    for (let i = 0; i < batch.numRows; i++) {
      const row = first + i;
      if (origins?.at(row) !== 'generated') continue;
      const nearest = nearestOf(i);
      const review = reviewOf(i);
      rows.push({
        row,
        label: labels[row] ?? -1,
        path: paths.at(row) ?? '',
        score: scores?.(i) ?? null,
        novelty: novelties?.(i) ?? null,
        nearest: nearest === null ? null : (rowOfPath.get(nearest) ?? null),
        review: isReview(review) ? review : null,
      });
    }
    first += batch.numRows;
  }
  return rows;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Whether a text is one that we write as a decision. */
function isReview(text: unknown): text is Review {
  return text === 'accepted' || text === 'rejected';
}
