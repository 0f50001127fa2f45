import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Positions of the images of each split, ascending. */
export interface Splits {
  /** What the model learns from. */
  readonly train: Int32Array;
  /** Held out: to pick checkpoints by. */
  readonly select: Int32Array;
  /** Held out: to calibrate scores and thresholds on. */
  readonly calibrate: Int32Array;
  /** Never touched: for checks of the whole. */
  readonly test: Int32Array;
}

type SplitName = keyof Splits;

/** Stands for the class of a group with images of several. */
const SEVERAL = -2;

/** Shares of train rows that are held out where the manifest holds none out itself. */
const HELD_OUT = { select: 0.1, calibrate: 0.1 };
/** Names of splits that are held out for selection and calibration. */
const validation = new Set(['val', 'valid', 'validation', 'dev']);

/**
 * Splits images. A manifest's own split wins: `test` stays untouched, validation rows are held out. Where a
 * class has none, a tenth of its train rows is held out for selection and a tenth for calibration. Images of one
 * group, duplicates, stay on one side; those of a group that lies in several classes stay where they are. Validation rows
 * that show what a train row shows are in no split: the model has learned them. No class loses its last train image.
 */
export function splitImages(input: {
  readonly labels: Int32Array;
  readonly splits?: readonly (string | null)[];
  /** A number that an image and its duplicates share. */
  readonly groupOf: (position: number) => number;
  readonly classCount: number;
  readonly seed: number;
}): Splits {
  const { labels, splits, groupOf, classCount, seed } = input;
  const own = Array.from(labels, (_, i) => ownSplit(splits?.[i] ?? null));
  const learned = new Set(own.flatMap((split, i) => (split === 'train' ? [groupOf(i)] : [])));
  const assigned = own.map((split, i) =>
    split === 'select' && learned.has(groupOf(i)) ? undefined : split,
  );
  const random = xoroshiro128plus(seed);
  const byClass = Array.from({ length: classCount }, (): number[] => []);
  /** The class of each group. */
  const labelOf = new Map<number, number>();
  labels.forEach((label, i) => {
    byClass[label]?.push(i);
    const other = labelOf.get(groupOf(i)) ?? label;
    labelOf.set(groupOf(i), other === label ? label : SEVERAL);
  });
  for (const images of byClass) {
    const validationRows = images.filter((i) => assigned[i] === 'select');
    const hasValidation = validationRows.length > 0;
    const members = hasValidation ? validationRows : images.filter((i) => assigned[i] === 'train');
    const dealable = members.filter((i) => labelOf.get(groupOf(i)) !== SEVERAL);
    const groups = shuffle(groupBy(dealable, groupOf), random);
    if (hasValidation) {
      // Validation rows serve both purposes: half of them calibrate.
      deal(groups, assigned, 'calibrate', Math.ceil(members.length / 2), members.length);
    } else {
      const free = Math.floor(members.length * 0.4);
      const calibrate = Math.min(
        free,
        Math.max(1, Math.round(members.length * HELD_OUT.calibrate)),
      );
      const select = Math.min(free - calibrate, Math.round(members.length * HELD_OUT.select));
      const { dealt, rest } = deal(groups, assigned, 'calibrate', calibrate, free);
      deal(rest, assigned, 'select', select, free - dealt);
    }
  }
  const positions = (name: SplitName) =>
    Int32Array.from(assigned.flatMap((split, i) => (split === name ? [i] : [])));
  return {
    train: positions('train'),
    select: positions('select'),
    calibrate: positions('calibrate'),
    test: positions('test'),
  };
}

function ownSplit(split: string | null): SplitName {
  if (split === null) return 'train';
  const name = split.toLowerCase();
  if (validation.has(name)) return 'select';
  return name === 'train' ? 'train' : 'test';
}

/** Takes groups from the front until `count` images are dealt; groups above `limit` images are put back. */
function deal(
  groups: readonly number[][],
  assigned: (SplitName | undefined)[],
  split: SplitName,
  count: number,
  limit: number,
): { readonly dealt: number; readonly rest: readonly number[][] } {
  let dealt = 0;
  let taken = 0;
  const kept: number[][] = [];
  for (; taken < groups.length && dealt < count; taken++) {
    const group = groups[taken] ?? [];
    if (dealt + group.length > limit) {
      kept.push(group);
      continue;
    }
    for (const i of group) assigned[i] = split;
    dealt += group.length;
  }
  return { dealt, rest: [...kept, ...groups.slice(taken)] };
}

function groupBy(items: readonly number[], keyOf: (item: number) => number): number[][] {
  const groups = new Map<number, number[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** Fisher-Yates. */
function shuffle<T>(items: T[], random: ReturnType<typeof xoroshiro128plus>): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    const [a, b] = [items[i], items[j]];
    if (a !== undefined && b !== undefined) {
      items[i] = b;
      items[j] = a;
    }
  }
  return items;
}
