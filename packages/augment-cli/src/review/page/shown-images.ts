import type { Action, Change, Decision, ReviewState } from '../protocol.js';
import { filterImages, type Filter } from './filter-images.js';

/** All images, which of them are shown, and the chosen one. */
export interface ShownImages {
  readonly state: ReviewState;
  /** Decision by image, those that still wait to be saved included. */
  readonly reviews: readonly Decision[];
  /** Numbers of the images that are shown; they stay when a decision makes one fail the filter. */
  readonly list: readonly number[];
  /** Place in the list of the chosen image. */
  readonly place: number;
  /** Number of the chosen image; undefined where none is shown. */
  readonly chosen: number | undefined;
  /** Lists anew what passes, and chooses the first. */
  filter(filter: Filter): void;
  choose(place: number): void;
  /** Place of the next undecided image behind the chosen one, from the start again at the end. */
  nextUndecided(): number | undefined;
  /** Puts in what was saved, and above it what waits. */
  change(changes: readonly Change[], waiting: readonly Action[]): void;
  counts(): { accepted: number; rejected: number; undecided: number };
}

/** Opens what the page shows of a review. */
export function openShownImages(state: ReviewState): ShownImages {
  const reviews = [...state.reviews];
  const imageOf = new Map(state.rows.map((row, image) => [row, image]));
  let list: readonly number[] = [];
  let place = 0;
  const set = (row: number, review: Decision) => {
    const image = imageOf.get(row);
    if (image !== undefined) reviews[image] = review;
  };
  return {
    state,
    reviews,
    get list() {
      return list;
    },
    get place() {
      return place;
    },
    get chosen() {
      return list[place];
    },
    filter(filter) {
      list = filterImages({ ...state, reviews }, filter);
      place = 0;
    },
    choose(wanted) {
      place = Math.max(0, Math.min(list.length - 1, wanted));
    },
    nextUndecided() {
      for (let step = 1; step <= list.length; step++) {
        const at = (place + step) % list.length;
        if (reviews[list[at] ?? -1] === null) return at;
      }
      return undefined;
    },
    change(changes, waiting) {
      for (const [row, review] of changes) set(row, review);
      for (const action of waiting) {
        if ('rows' in action) for (const row of action.rows) set(row, action.review);
      }
    },
    counts() {
      const counts = { accepted: 0, rejected: 0, undecided: 0 };
      for (const review of reviews) counts[review ?? 'undecided']++;
      return counts;
    },
  };
}
