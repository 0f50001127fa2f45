import { reviewedDecisions } from '@evenset/dataset-io';
import { basename, dirname, join } from 'node:path';
import { RunError } from '../errors.js';
import { countEntries } from './open-journal.js';

/** The manifest with a person's decisions, in the run's folder. */
export const REVIEWED = 'labels.reviewed.arrow';
/** Every decision as it was made. */
export const JOURNAL = 'review.jsonl';

/**
 * Expects a reviewed manifest to hold every decision of its journal; one that has no journal beside it does.
 *
 * @throws RunError when it is behind, because its review goes on or was killed
 */
export async function assertUpToDate(manifest: string): Promise<void> {
  if (basename(manifest) !== REVIEWED) return;
  const run = dirname(manifest);
  const missing =
    (await countEntries(join(run, JOURNAL))) - ((await reviewedDecisions(manifest)) ?? 0);
  if (missing <= 0) return;
  throw new RunError(
    `${manifest} does not hold the last ${missing} decisions of ${JOURNAL} yet; end the review that is at work, or open it once: augment review --run ${run}`,
  );
}
