import type { RecordBatch } from 'apache-arrow';
import { ManifestError } from '../errors.js';
import type { ManifestColumns } from './manifest-columns.js';
import { textsOf } from './manifest.js';

/**
 * Reads the labels of a batch that begins at `firstRow`.
 *
 * @throws ManifestError when asked for an integer label without a name
 */
export function labelsOf(
  batch: RecordBatch,
  firstRow: number,
  { labelNames }: ManifestColumns,
  file: string,
): (index: number) => string | null {
  if (!labelNames) return textsOf(batch, 'label');
  const cells = batch.getChild('label');
  return (index) => {
    const value: unknown = cells?.get(index);
    // Hugging Face writes -1 where there is no label.
    if (value === null || value === undefined || Number(value) === -1) return null;
    const name = labelNames[Number(value)];
    if (name !== undefined) return name;
    throw new ManifestError(
      `Expected a label from 0 to ${labelNames.length - 1} in row ${firstRow + index} of ${file} but received ${Number(value)}.`,
    );
  };
}
