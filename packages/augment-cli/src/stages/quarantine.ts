import { writeQuarantine } from '@evenset/dataset-io';
import type { RunFolder } from '../run/run-folder.js';
import type { Input } from './read-input.js';

/** Writes quarantine.jsonl of a run whose images cannot all be read. */
export async function saveQuarantine(
  { quarantine }: Pick<Input, 'quarantine'>,
  folder: RunFolder,
): Promise<void> {
  if (quarantine.length > 0) await writeQuarantine(quarantine, folder.file('quarantine.jsonl'));
}

/** What to say about images that cannot be read, if there are any. */
export function quarantineWarning({ quarantine }: Pick<Input, 'quarantine'>): string[] {
  const [first] = quarantine;
  if (!first) return [];
  const rest = quarantine.length > 1 ? ` and ${quarantine.length - 1} more` : '';
  return [
    `${first.path}: ${first.reason}${rest}; such rows are kept but not used (quarantine.jsonl).`,
  ];
}
