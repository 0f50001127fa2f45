import { safeFolderNames } from '@evenset/dataset-io';
import { UsageError } from '../errors.js';

/** A class of a checkpoint, and the folder that its files go to. */
export interface ChosenClass {
  /** Index among the checkpoint's labels. */
  readonly label: number;
  readonly folder: string;
}

/**
 * The classes that `--label` names, each once, or all.
 *
 * @throws UsageError when the checkpoint has no such class
 */
export function chosenClasses(
  labels: readonly string[],
  wanted: readonly string[],
): readonly ChosenClass[] {
  const unknown = wanted.find((label) => !labels.includes(label));
  if (unknown !== undefined) {
    throw new UsageError(
      `Expected a class of the checkpoint for --label but received "${unknown}". Classes: ${labels.join(', ')}.`,
    );
  }
  const folders = safeFolderNames(labels);
  return [...new Set(wanted.length > 0 ? wanted : labels)].map((name) => {
    const label = labels.indexOf(name);
    return { label, folder: folders[label] ?? name };
  });
}
