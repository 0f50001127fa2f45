import {
  openImageReader,
  readManifest,
  readReviewRows,
  removeTemporaryFiles,
  reviewedDecisions,
  viewableImage,
  writeReviewedManifest,
  type Manifest,
  type ReviewRow,
} from '@evenset/dataset-io';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { RunError } from '../errors.js';
import { holdRun, type RunFolder } from '../run/run-folder.js';
import { openDecisions, type Decisions } from './decisions.js';
import { openJournal, type Journal } from './open-journal.js';
import { openLaggingWrite } from './open-lagging-write.js';
import type { ReviewState, SaveReply, SaveRequest } from './protocol.js';
import { JOURNAL, REVIEWED } from './review-files.js';

/** A run's generated images and what a person says of them; the run is held until it is closed. */
export interface Review {
  /** The reviewed manifest. */
  readonly file: string;
  state(): Promise<ReviewState>;
  /** Does and saves actions, all or none; those that a page sends again, because it got no reply, are not done again. */
  save(request: SaveRequest): Promise<SaveReply>;
  /** Whether a row is one that can be decided on. */
  has(row: number): boolean;
  /** The image of any row as a browser shows it. */
  image(row: number): ReturnType<typeof viewableImage>;
  counts(): { images: number; accepted: number; rejected: number };
  /** Brings the reviewed manifest up to date and lets go of the run. */
  close(): Promise<void>;
}

/**
 * Opens the review of a finished run, or goes on with it.
 *
 * @throws RunError when the folder holds no finished run with generated images, or is in use
 */
export async function openReview(
  path: string,
  options: { allowOutside?: boolean } = {},
): Promise<Review> {
  const { folder, record } = await holdRun(path);
  let journal: Journal | undefined;
  try {
    const labels = folder.file('labels.arrow');
    if (record.status === 'running') {
      throw new RunError(`The run in ${path} is not finished; the command that began it goes on.`);
    }
    if (!existsSync(labels)) {
      throw new RunError(`The run in ${path} has no labels.arrow: it generated nothing to review.`);
    }
    const manifest = await readManifest(labels, options);
    const rows = await readReviewRows(manifest);
    if (rows.length === 0) {
      throw new RunError(`${labels} has no generated rows: there is nothing to review.`);
    }
    journal = await openJournal(folder.file(JOURNAL), manifest.sha256);
    const decisions = openDecisions(rows.map(({ row, review }) => [row, review]));
    for (const entry of journal.entries) {
      const odd = entry.changes.find(([row]) => !decisions.reviews.has(row));
      if (odd) {
        throw new RunError(
          `${folder.file(JOURNAL)} decides on row ${odd[0]}, which is no generated row of ${labels}.`,
        );
      }
      decisions.apply(entry);
    }
    return await reviewOf({ folder, manifest, rows, journal, decisions, options });
  } catch (error) {
    await journal?.close();
    await folder.release();
    throw error;
  }
}

async function reviewOf(opened: {
  readonly folder: RunFolder;
  readonly manifest: Manifest;
  readonly rows: readonly ReviewRow[];
  readonly journal: Journal;
  readonly decisions: Decisions;
  readonly options: { allowOutside?: boolean };
}): Promise<Review> {
  const { folder, manifest, rows, journal, decisions, options } = opened;
  const file = folder.file(REVIEWED);
  const written = existsSync(file) ? await reviewedDecisions(file) : 0;
  if (existsSync(file) && journal.entries.length === 0) {
    throw new RunError(`${file} is there without the ${JOURNAL} that it came from; move it away.`);
  }
  await removeTemporaryFiles(folder.path, { of: `${REVIEWED}.` });
  const images = await openImageReader(manifest, options);
  const lagging = openLaggingWrite(() =>
    writeReviewedManifest(manifest, new Map(decisions.changesSince(0)), decisions.version, file),
  );
  if (written !== decisions.version) lagging.request();

  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: nobody sees a decision that may not come to be saved. */
  function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  /** How many actions of each page are saved: no page outlives its server, whose token is another each time. */
  const saved = new Map<string, number>();
  const pathOf = (row: number | null) => (row === null ? null : (manifest.paths.at(row) ?? null));
  return {
    file,
    has: (row) => decisions.reviews.has(row),
    image: async (row) => viewableImage(await images.read(row)),
    state: () =>
      inTurn(() => ({
        run: basename(folder.path),
        classes: manifest.classes,
        rows: rows.map(({ row }) => row),
        labels: rows.map(({ label }) => label),
        paths: rows.map(({ path }) => path),
        scores: rows.map(({ score }) => rounded(score)),
        novelties: rows.map(({ novelty }) => rounded(novelty)),
        nearest: rows.map(({ nearest }) => nearest),
        nearestPaths: rows.map(({ nearest }) => pathOf(nearest)),
        reviews: rows.map(({ row }) => decisions.reviews.get(row) ?? null),
        version: decisions.version,
        undoable: decisions.undoable,
      })),
    save: ({ page, first, actions, since }) =>
      inTurn(async () => {
        const before = saved.get(page) ?? 0;
        const entries = [];
        const waysBack = [];
        for (const action of actions.slice(Math.max(0, before - first))) {
          const entry = decisions.entryOf(action);
          if (!entry) continue;
          entries.push(entry);
          waysBack.unshift(decisions.apply(entry));
        }
        if (entries.length > 0) {
          try {
            await journal.append(entries);
          } catch (error) {
            for (const back of waysBack) back();
            throw error;
          }
          lagging.request();
        }
        saved.set(page, Math.max(before, first + actions.length));
        const { version, undoable } = decisions;
        const { isBehind, error } = lagging;
        const changes = decisions.changesSince(since);
        return { version, undoable, changes, manifest: { isBehind, error } };
      }),
    counts() {
      const all = [...decisions.reviews.values()];
      const count = (wanted: string) => all.filter((review) => review === wanted).length;
      return { images: all.length, accepted: count('accepted'), rejected: count('rejected') };
    },
    async close() {
      try {
        await last;
        await lagging.close();
      } finally {
        await journal.close();
        await folder.release();
      }
    },
  };
}

/** Four decimals: what is shown, and short to send. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e4) / 1e4;
}
