import { isTrainSplit, type Manifest } from '@evenset/dataset-io';
import { RunError } from '../errors.js';
import { isGenerated } from './count-images.js';

/** Rows of each kind. */
export interface RowsOfClass {
  readonly label: number;
  readonly generated: readonly number[];
  readonly heldOut: readonly number[];
  readonly train: readonly number[];
}

/** What generated rows are measured against. */
export interface EvaluatedRows {
  /** The classes that have generated rows. */
  readonly classes: readonly RowsOfClass[];
  /**
   * held-out: the real rows that are not in the train split; halves: one half of the real rows, the other half standing
   * for the train rows, because there is but one kind.
   */
  readonly reference: 'held-out' | 'halves';
}

/**
 * Sorts a manifest's rows by class and kind.
 *
 * @throws RunError when it has no column `source`, or no generated or no real rows
 */
export function evaluatedRows(manifest: Manifest): EvaluatedRows {
  const { file, classes, labels, splits, columns } = manifest;
  if (!columns.source) {
    const names = manifest.arrow.schema.fields.map(({ name }) => name).join(', ');
    throw new RunError(
      `Expected a column "source" with "generated" rows in ${file} but received the columns ${names}.`,
    );
  }
  const all = classes.map((_, label) => ({
    label,
    generated: [] as number[],
    heldOut: [] as number[],
    train: [] as number[],
  }));
  labels.forEach((label, row) => {
    const own = all[label];
    if (!own) return;
    if (isGenerated(manifest, row)) own.generated.push(row);
    else own[isTrainSplit(splits?.at(row) ?? 'train') ? 'train' : 'heldOut'].push(row);
  });
  const measured = all.filter(({ generated }) => generated.length > 0);
  if (measured.length === 0) {
    throw new RunError(
      `No row of ${file} has the source "generated"; there is nothing to measure.`,
    );
  }
  const has = (kind: 'heldOut' | 'train') => measured.some((one) => one[kind].length > 0);
  if (!has('heldOut') && !has('train')) {
    throw new RunError(
      `The classes with generated rows in ${file} have no real rows to measure by.`,
    );
  }
  return has('heldOut') && has('train')
    ? { classes: measured, reference: 'held-out' }
    : { classes: measured.map(inHalves), reference: 'halves' };
}

function inHalves({ heldOut, train, ...others }: RowsOfClass): RowsOfClass {
  const real = [...heldOut, ...train];
  return {
    ...others,
    heldOut: real.filter((_, i) => i % 2 === 1),
    train: real.filter((_, i) => i % 2 === 0),
  };
}
