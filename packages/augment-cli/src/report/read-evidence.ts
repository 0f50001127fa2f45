import {
  isTrainSplit,
  outputPath,
  readGeneratedRows,
  readJudgements,
  readManifest,
  type GeneratedRowFigures,
  type Manifest,
} from '@evenset/dataset-io';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunRecord } from '../run/run-record.js';
import { evenly } from './evenly.js';

/** Scores and novelties of some images, side by side. */
export interface Figures {
  readonly scores: number[];
  readonly novelties: number[];
}

/** A rejected candidate that is shown. */
export interface RejectedCandidate {
  readonly image: Uint8Array;
  readonly reason: string;
  readonly score: number;
  readonly novelty: number;
  /** Row of the nearest real image. */
  readonly nearest: number | undefined;
}

/** An accepted image that is shown. */
export interface AcceptedImage extends Pick<GeneratedRowFigures, 'row' | 'score' | 'novelty'> {
  readonly path: string;
  readonly nearest: number | undefined;
  readonly nearestPath: string | null;
}

/** What a run folder holds about one class. */
export interface ClassEvidence {
  readonly label: string;
  /** Every generated row of labels.arrow, those of earlier runs too: what `augment filter` decides about. */
  readonly generated: Figures;
  /** This run's own candidates, by outcome. */
  readonly accepted: Figures;
  readonly rejected: Figures;
  readonly heldOut: Figures;
  /** Accepted images over all scores, the largest first. */
  readonly sheet: readonly AcceptedImage[];
  /** The accepted images nearest to a train image, the nearest first. */
  readonly closest: readonly AcceptedImage[];
  /** By reason. */
  readonly shownRejected: ReadonlyMap<string, readonly RejectedCandidate[]>;
  /** Rows of real train images. */
  readonly real: readonly number[];
}

/** What a run folder holds about its images. */
export interface Evidence {
  /** The run's labels.arrow; undefined where it wrote none. */
  readonly manifest: Manifest | undefined;
  readonly classes: readonly ClassEvidence[];
  /** Whether there is a judgements.arrow; else what was rejected is known by number only. */
  readonly hasJudgements: boolean;
}

/** Images on a class's sheets at most. */
const SHOWN_ACCEPTED = 48;
const SHOWN_REAL = 16;
const SHOWN_PAIRS = 12;
const SHOWN_PER_REASON = 12;

/** What is collected of a class on the way through the files. */
interface Collected {
  readonly generated: Figures;
  readonly accepted: Figures;
  readonly rejected: Figures;
  readonly heldOut: Figures;
  readonly own: GeneratedRowFigures[];
  readonly shown: Map<string, (Omit<RejectedCandidate, 'nearest'> & { nearest: string | null })[]>;
}

/**
 * Reads labels.arrow and judgements.arrow of a run folder, a record batch at a time.
 *
 * @throws ManifestError when one of them is damaged
 */
export async function readEvidence(folder: string, record: RunRecord): Promise<Evidence> {
  const [labels, judgements] = [join(folder, 'labels.arrow'), join(folder, 'judgements.arrow')];
  if (!existsSync(labels)) return { manifest: undefined, classes: [], hasJudgements: false };
  const manifest = await readManifest(labels, { allowOutside: true });
  const byLabel = new Map(record.classes.map(({ label }) => [label, emptyCollection()]));

  for await (const rows of readGeneratedRows(manifest)) {
    for (const row of rows) {
      const known = byLabel.get(manifest.classes[manifest.labels[row.row] ?? -1] ?? '');
      if (!known) continue;
      add(known.generated, row);
      if (row.generator === record.generator) known.own.push(row);
    }
  }
  const hasJudgements = existsSync(judgements);
  if (hasJudgements) await collectJudgements(judgements, byLabel);
  else {
    for (const { own, accepted } of byLabel.values()) for (const row of own) add(accepted, row);
  }

  const rowOf = realRows(manifest, record, byLabel.values());
  const realOf = realTrainRows(manifest);
  const classes = [...byLabel].map(([label, collected]): ClassEvidence => {
    const bySize = collected.own.toSorted((a, b) => b.score - a.score);
    const byNovelty = collected.own.toSorted((a, b) => a.novelty - b.novelty);
    const shown = (row: GeneratedRowFigures): AcceptedImage => ({
      row: row.row,
      score: row.score,
      novelty: row.novelty,
      path: manifest.paths.at(row.row) ?? `row ${row.row}`,
      nearest: rowOf(row.nearest),
      nearestPath: row.nearest,
    });
    return {
      label,
      generated: collected.generated,
      accepted: collected.accepted,
      rejected: collected.rejected,
      heldOut: collected.heldOut,
      sheet: evenly(bySize, SHOWN_ACCEPTED).map(shown),
      closest: byNovelty.slice(0, SHOWN_PAIRS).map(shown),
      shownRejected: new Map(
        [...collected.shown].map(([reason, rejected]) => [
          reason,
          rejected.map((one) => ({ ...one, nearest: rowOf(one.nearest) })),
        ]),
      ),
      real: evenly(realOf.get(label) ?? [], SHOWN_REAL),
    };
  });
  return { manifest, classes, hasJudgements };
}

async function collectJudgements(
  file: string,
  byLabel: ReadonlyMap<string, Collected>,
): Promise<void> {
  for await (const rows of readJudgements(file)) {
    for (const { label, outcome, score, novelty, nearest, image } of rows) {
      const known = byLabel.get(label);
      if (!known) continue;
      if (outcome === 'held-out') add(known.heldOut, { score, novelty });
      else if (outcome === 'accepted') add(known.accepted, { score, novelty });
      else {
        add(known.rejected, { score, novelty });
        const shown = known.shown.get(outcome) ?? [];
        known.shown.set(outcome, shown);
        if (image && shown.length < SHOWN_PER_REASON) {
          shown.push({ image, reason: outcome, score, novelty, nearest });
        }
      }
    }
  }
}

/** Finds the row of a real image by its path as the manifest or this run's labels.arrow names it. */
function realRows(
  manifest: Manifest,
  record: RunRecord,
  collected: Iterable<Collected>,
): (path: string | null) => number | undefined {
  const moved = (path: string) =>
    manifest.storage === 'path'
      ? outputPath(path, dirname(record.inputs.manifest), manifest.folder)
      : path;
  const wanted = new Set<string | null>();
  for (const { own, shown } of collected) {
    const paths = [...own, ...[...shown.values()].flat()].flatMap(({ nearest }) => nearest ?? []);
    for (const path of paths) wanted.add(path).add(moved(path));
  }
  const rows = new Map<string, number>();
  let row = 0;
  for (const path of manifest.paths) {
    const isReal = manifest.origins?.at(row) !== 'generated';
    if (path !== null && wanted.has(path) && isReal) rows.set(path, row);
    row++;
  }
  return (path) => (path === null ? undefined : (rows.get(path) ?? rows.get(moved(path))));
}

function realTrainRows({ classes, labels, origins, splits }: Manifest): Map<string, number[]> {
  const rows = new Map<string, number[]>(classes.map((label) => [label, []]));
  for (const [row, label] of labels.entries()) {
    const isTrain = isTrainSplit(splits?.at(row) ?? 'train');
    if (isTrain && origins?.at(row) !== 'generated') rows.get(classes[label] ?? '')?.push(row);
  }
  return rows;
}

function emptyCollection(): Collected {
  const figures = (): Figures => ({ scores: [], novelties: [] });
  return {
    generated: figures(),
    accepted: figures(),
    rejected: figures(),
    heldOut: figures(),
    own: [],
    shown: new Map(),
  };
}

function add({ scores, novelties }: Figures, one: { score: number; novelty: number }): void {
  scores.push(one.score);
  novelties.push(one.novelty);
}
