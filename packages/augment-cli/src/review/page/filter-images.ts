import type { Decision } from '../protocol.js';

/** What of an image a filter looks at. */
export interface FilterColumns {
  readonly labels: readonly number[];
  readonly scores: readonly (number | null)[];
  readonly novelties: readonly (number | null)[];
  readonly reviews: readonly Decision[];
}

/** Which images are shown, and in which order. */
export interface Filter {
  /** Index of the class; null for all. */
  readonly label: number | null;
  readonly review: 'all' | 'undecided' | 'accepted' | 'rejected';
  /** Bounds, both inclusive; null for none. */
  readonly score: Bounds;
  readonly novelty: Bounds;
  readonly order: 'row' | 'score' | 'novelty' | 'best';
}

interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
}

/** The numbers of the images that pass a filter, in its order. */
export function filterImages(columns: FilterColumns, filter: Filter): number[] {
  const { labels, scores, novelties, reviews } = columns;
  const passing: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    const review = reviews[i] ?? null;
    if (filter.label !== null && labels[i] !== filter.label) continue;
    if (filter.review !== 'all' && filter.review !== (review ?? 'undecided')) continue;
    if (!isWithin(scores[i] ?? null, filter.score)) continue;
    if (!isWithin(novelties[i] ?? null, filter.novelty)) continue;
    passing.push(i);
  }
  // An image without a value comes last.
  const by = (values: readonly (number | null)[], sign: number) =>
    passing.sort(
      (a, b) =>
        sign * (values[a] ?? sign * Infinity) - sign * (values[b] ?? sign * Infinity) || a - b,
    );
  if (filter.order === 'score') by(scores, 1);
  if (filter.order === 'best') by(scores, -1);
  if (filter.order === 'novelty') by(novelties, 1);
  return passing;
}

function isWithin(value: number | null, { min, max }: Bounds): boolean {
  if (min === null && max === null) return true;
  return value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}
