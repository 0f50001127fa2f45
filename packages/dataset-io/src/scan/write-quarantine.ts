import type { QuarantineEntry } from '../errors.js';
import { writeFileAtomic } from '../files/write-file-atomic.js';

/** Writes quarantine.jsonl: one line per image that was left out. */
export async function writeQuarantine(
  entries: readonly QuarantineEntry[],
  file: string,
): Promise<void> {
  await writeFileAtomic(
    file,
    Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
  );
}
