import {
  inspectImages,
  type ImageLook,
  type Manifest,
  type PixelStore,
  type QuarantineEntry,
} from '@evenset/dataset-io';
import type { CheckedImage } from '../check/checked-image.js';
import { countClasses, thinClasses, type ClassImages } from '../check/class-counts.js';
import { findingKinds, sortedFindings, type Finding, type FindingKind } from '../check/finding.js';
import { oddImages } from '../check/odd-images.js';
import { repeatedImages } from '../check/repeated-images.js';
import type { CommandContext } from '../command.js';
import { isGenerated, labelledRows } from './count-images.js';
import { openPixels, type ReadOptions } from './open-pixels.js';
import { searchDuplicates } from './search-duplicates.js';

/** What a data set's real images are like. */
export interface SetHealth {
  readonly rows: {
    readonly all: number;
    /** Real rows that have a label and an image that can be read. */
    readonly checked: number;
    /** Made by an earlier run: not checked. */
    readonly generated: number;
    readonly unlabelled: number;
  };
  readonly classes: readonly ClassImages[];
  /** Images of the largest class over those of the smallest one that has any; null without images. */
  readonly imbalance: number | null;
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>;
  readonly findings: readonly Finding[];
}

/** Checks the real images of a manifest: what is there twice, unlike the rest, or cannot be read. */
export async function checkImages(
  manifest: Manifest,
  options: ReadOptions,
  context: CommandContext,
): Promise<SetHealth> {
  const labelled = labelledRows(manifest, 'real');
  const quarantine: QuarantineEntry[] = [];
  const reading = { title: 'read', rows: labelled, quarantine };
  const store = await openPixels(manifest, reading, options, context);
  try {
    const duplicates = await searchDuplicates(store, context);
    const looks = await lookAt(manifest, store, { ...options, quarantine }, context);
    const images = Array.from(store.rows, (row, at): CheckedImage => ({
      row,
      path: manifest.paths.at(row) ?? `row ${row}`,
      label: manifest.classes[store.labels[at] ?? -1] ?? '',
      split: manifest.splits?.at(row) ?? null,
      look: looks.get(row),
    }));
    const classes = countClasses(manifest, images);
    const findings = sortedFindings([
      ...quarantine.map((entry) => unreadable(entry, manifest)),
      ...repeatedImages(images, duplicates),
      ...oddImages(images, options.size),
      ...thinClasses(classes, manifest.labels),
    ]);
    const sizes = classes.map((one) => one.images).filter((count) => count > 0);
    const all = manifest.rowCount;
    const generated = manifest.labels.filter((_, row) => isGenerated(manifest, row)).length;
    return {
      rows: {
        all,
        checked: images.length,
        generated,
        unlabelled: all - generated - labelled.length,
      },
      classes,
      imbalance: sizes.length > 0 ? Math.max(...sizes) / Math.min(...sizes) : null,
      counts: countKinds(findings),
      findings,
    };
  } finally {
    await store.close();
  }
}

/** Looks at each image of a store in its own size. */
async function lookAt(
  manifest: Manifest,
  { rows }: Pick<PixelStore, 'rows'>,
  options: { readonly allowOutside: boolean; readonly quarantine: QuarantineEntry[] },
  { narrator, signal }: CommandContext,
): Promise<Map<number, ImageLook>> {
  const looks = new Map<number, ImageLook>();
  const bar = narrator.progress('look', rows.length, 'images');
  try {
    for await (const seen of inspectImages(manifest, rows, options)) {
      signal.throwIfAborted();
      if ('look' in seen) looks.set(seen.row, seen.look);
      else options.quarantine.push(seen);
      bar.update(looks.size);
    }
  } finally {
    bar.stop();
  }
  return looks;
}

function unreadable({ row, path, reason }: QuarantineEntry, manifest: Manifest): Finding {
  const label = manifest.classes[manifest.labels[row ?? -1] ?? -1];
  return {
    kind: 'unreadable',
    rows: row === null ? [] : [row],
    paths: [path],
    labels: label === undefined ? [] : [label],
    detail: reason,
    weight: 0,
  };
}

function countKinds(findings: readonly Finding[]): Partial<Record<FindingKind, number>> {
  const counts = findingKinds.map(
    (kind) => [kind, findings.filter((one) => one.kind === kind).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
