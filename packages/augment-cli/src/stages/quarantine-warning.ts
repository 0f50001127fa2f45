import type { Input } from './read-input.js';

/** What to say about images that cannot be read, if there are any. */
export function quarantineWarning({ quarantine }: Pick<Input, 'quarantine'>): string[] {
  const [first] = quarantine;
  if (!first) return [];
  const rest = quarantine.length > 1 ? ` and ${quarantine.length - 1} more` : '';
  return [
    `${first.path}: ${first.reason}${rest}; such rows are kept but not used (quarantine.jsonl).`,
  ];
}
