import { isTrainSplit, type Manifest } from '@evenset/dataset-io';
import { FEW_REAL, MIN_REAL } from '../stages/plan-targets.js';
import type { CheckedImage } from './checked-image.js';
import type { Finding } from './finding.js';

/** The readable images of one class, in all and by split. */
export interface ClassImages {
  readonly label: string;
  readonly images: number;
  /** Those that a model is trained on: all without splits. */
  readonly train: number;
  readonly splits: Readonly<Record<string, number>>;
}

/** How the images are spread over classes and splits; a class without a readable image counts 0. */
export function countClasses(
  { classes }: Pick<Manifest, 'classes'>,
  images: readonly CheckedImage[],
): ClassImages[] {
  const counts = new Map(
    classes.map((label) => [label, { images: 0, train: 0, splits: new Map<string, number>() }]),
  );
  for (const { label, split } of images) {
    const count = counts.get(label);
    if (!count) continue;
    count.images++;
    if (isTrainSplit(split ?? 'train')) count.train++;
    if (split !== null) count.splits.set(split, (count.splits.get(split) ?? 0) + 1);
  }
  return [...counts].map(([label, { splits, ...count }]) => ({
    label,
    ...count,
    splits: Object.fromEntries(splits),
  }));
}

/**
 * Classes that are too thin to be filled up, or nearly so; those that only the vocabulary knows are not meant to be.
 *
 * @param labels of all rows, as indices of `classes`
 */
export function thinClasses(classes: readonly ClassImages[], labels: Iterable<number>): Finding[] {
  const present = new Set(labels);
  return classes
    .filter(({ train }, label) => present.has(label) && train < FEW_REAL)
    .map(({ label, train }) => ({
      kind: 'thin-class' as const,
      rows: [],
      paths: [],
      labels: [label],
      detail: `${train} train images${train < MIN_REAL ? ', augment refuses it' : ''}`,
      weight: -train,
    }));
}
