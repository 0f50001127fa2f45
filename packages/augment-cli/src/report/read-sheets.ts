import { decodeOptions, encodeThumbnail, readThumbnails, type Manifest } from '@evenset/dataset-io';
import type { RunRecord } from '../run/run-record.js';
import { evenly } from './evenly.js';
import type { AcceptedImage, ClassEvidence, RejectedCandidate } from './read-evidence.js';

/** A small picture on the page; undefined where its file could not be read. */
type Thumbnail = Buffer | undefined;

/** An accepted image, and where it matters the real image nearest to it. */
export interface ShownImage extends AcceptedImage {
  readonly image: Thumbnail;
  readonly nearestImage: Thumbnail;
}

/** A rejected candidate with its thumbnail. */
export interface ShownRejected extends Omit<RejectedCandidate, 'image' | 'nearest'> {
  readonly image: Thumbnail;
  readonly nearestImage: Thumbnail;
}

/** The pictures of one class. */
export type ClassSheets = Lists<ShownImage, Thumbnail, ShownRejected>;

/** Longest side of a thumbnail in pixels. */
const SIDE = 64;
/** Thumbnails that are made at most, for all classes together. */
const MAX_THUMBNAILS = 2400;
/** Characters that a thumbnail's element takes besides its image. */
const ELEMENT_SIZE = 260;

/**
 * Makes the thumbnails of some classes, in all of at most `budget` characters of HTML: where they are too many, sheets are
 * sampled, each class having the same share.
 */
export async function readSheets(
  manifest: Manifest,
  all: readonly ClassEvidence[],
  record: RunRecord,
  budget: number,
): Promise<Map<string, ClassSheets>> {
  const wanted = sum(all.map((one) => rowsOf(one).length + sum(sizesOf(one.shownRejected))));
  const share = Math.min(1, MAX_THUMBNAILS / wanted);
  const classes = all.map((one) => ({ ...one, ...sampled(one, share) }));
  const decoding = decodeOptions.pick({ fit: true, background: true }).parse(record.options);
  const side = Math.min(SIDE, Math.max(record.model.outputSize, record.model.size));
  const options = { ...decoding, side };
  const thumbnails = await readThumbnails(manifest, classes.flatMap(rowsOf), options);
  const imageOf = (row: number | undefined) =>
    row === undefined ? undefined : thumbnails.get(row);

  const sheets = new Map<string, ClassSheets>();
  for (const evidence of classes) {
    const accepted = evidence.sheet.map((one) => ({
      ...one,
      image: imageOf(one.row),
      nearestImage: undefined,
    }));
    const pairs = evidence.closest.map((one) => ({
      ...one,
      image: imageOf(one.row),
      nearestImage: imageOf(one.nearest),
    }));
    const rejected = new Map<string, ShownRejected[]>();
    for (const [reason, candidates] of evidence.shownRejected) {
      const shown = candidates.map(async (one): Promise<ShownRejected> => {
        // Only a copy is understood beside its original.
        const nearestImage = reason === 'near-copy' ? imageOf(one.nearest) : undefined;
        const image = await encodeThumbnail(one.image, options).catch(() => undefined);
        return { ...one, image, nearestImage };
      });
      rejected.set(reason, await Promise.all(shown));
    }
    const made = {
      sheet: accepted,
      real: evidence.real.map(imageOf),
      closest: pairs,
      shownRejected: rejected,
    };
    sheets.set(evidence.label, fitting(made, budget / classes.length));
  }
  return sheets;
}

/** Rows whose images are shown. */
function rowsOf({ sheet, closest, shownRejected, real }: ClassEvidence): number[] {
  return [
    ...real,
    ...sheet.map(({ row }) => row),
    ...closest.flatMap(({ row, nearest }) => (nearest === undefined ? [row] : [row, nearest])),
    ...(shownRejected.get('near-copy') ?? []).flatMap(({ nearest }) => nearest ?? []),
  ];
}

function sizesOf(lists: ReadonlyMap<string, readonly unknown[]>): number[] {
  return Array.from(lists.values(), ({ length }) => length);
}

/** The lists of what is shown of a class. */
interface Lists<Accepted, Real, Rejected> {
  readonly sheet: readonly Accepted[];
  readonly real: readonly Real[];
  readonly closest: readonly Accepted[];
  readonly shownRejected: ReadonlyMap<string, readonly Rejected[]>;
}

/** A share of every list, over all of it; of the closest pairs the first ones, because they are what matters. */
function sampled<A, B, C>(lists: Lists<A, B, C>, share: number): Lists<A, B, C> {
  const part = <T>(items: readonly T[]) => evenly(items, Math.floor(items.length * share));
  return {
    sheet: part(lists.sheet),
    real: part(lists.real),
    closest: lists.closest.slice(0, Math.floor(lists.closest.length * share)),
    shownRejected: new Map(
      [...lists.shownRejected].map(([reason, shown]) => [reason, part(shown)]),
    ),
  };
}

/** The sheets with as many pictures as the budget pays for. */
function fitting(sheets: ClassSheets, budget: number): ClassSheets {
  let fitted = sheets;
  for (let share = 1; sizeOf(fitted) > budget && share > 0.001; share *= 0.9) {
    fitted = sampled(sheets, share);
  }
  return fitted;
}

/** Characters of HTML. */
function sizeOf({ sheet, real, closest, shownRejected }: ClassSheets): number {
  const images = [
    ...real,
    ...[...sheet, ...closest, ...[...shownRejected.values()].flat()].flatMap(
      ({ image, nearestImage }) => [image, nearestImage],
    ),
  ];
  return sum(images.map((image) => (image ? ELEMENT_SIZE + (4 / 3) * image.length : 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
