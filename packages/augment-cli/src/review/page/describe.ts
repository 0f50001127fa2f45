import type { ShownImages } from './shown-images.js';

/** An image in words, for who does not see it. */
export function describe({ state, reviews }: ShownImages, image: number): string {
  return [
    labelOf(state.classes, state.labels[image]),
    `score ${figure(state.scores[image])}`,
    `novelty ${figure(state.novelties[image])}`,
    reviews[image] ?? 'undecided',
  ].join(', ');
}

/** The name of a class. */
export function labelOf(classes: readonly string[], label: number | undefined): string {
  return classes[label ?? -1] ?? 'no class';
}

/** A number of two decimals, or a dash. */
export function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(2);
}
