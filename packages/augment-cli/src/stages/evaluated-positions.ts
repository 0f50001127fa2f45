import { firstOfContents, type PixelStore } from '@evenset/dataset-io';
import { somePositions } from './evenly.js';
import type { EvaluatedRows, RowsOfClass } from './evaluated-rows.js';
import { firstOfEach } from './first-of-each.js';
import { MAX_IMAGES } from './measure-quality.js';

/** Positions of what is measured in their stores, one for each content of a real image. */
export interface Positions {
  readonly generated: Int32Array;
  readonly heldOut: Int32Array;
  readonly train: Int32Array;
  /** All that can have been copied; undefined where halves stand for what the model has not seen and what it has. */
  readonly learned: Int32Array | undefined;
}

/** Finds the images of each class; held-out rows that are images of train rows too are left out. */
export async function evaluatedPositions(
  classes: readonly Omit<RowsOfClass, 'label'>[],
  reference: EvaluatedRows['reference'],
  { real, generated }: { readonly real: PixelStore; readonly generated: PixelStore },
): Promise<Positions[]> {
  const atReal = positionOfRow(real);
  const atGenerated = positionOfRow(generated);
  const contents = await firstOfContents(real);
  const contentOf = (position: number) => contents[position] ?? position;
  const different = (rows: readonly number[]) =>
    firstOfEach(Int32Array.from(rows.flatMap(atReal)), contentOf);
  const inTrain = new Set(classes.flatMap(({ train }) => [...different(train)].map(contentOf)));
  return classes.map((rows) => {
    const own = { generated: Int32Array.from(rows.generated.flatMap(atGenerated)) };
    if (reference === 'halves') {
      // Rows of one content may lie in both halves: dealt anew, each content is in one.
      const all = different([...rows.heldOut, ...rows.train]).sort();
      const half = (odd: number) => all.filter((_, i) => i % 2 === odd);
      return { ...own, heldOut: half(1), train: half(0), learned: undefined };
    }
    const heldOut = different(rows.heldOut).filter((position) => !inTrain.has(contentOf(position)));
    const train = different(rows.train);
    return { ...own, heldOut, train, learned: train };
  });
}

/** Images of all classes, each class with the same share of the generated, the held-out and the train images. */
export function pooledPositions(classes: readonly Positions[]): Positions {
  const shares = classes.map((one) =>
    Math.min(one.generated.length, one.heldOut.length, one.train.length),
  );
  const pool = (kind: 'generated' | 'heldOut' | 'train') => {
    const whole = classes.map((one, i) => ({ at: one[kind], share: shares[i] ?? 0 }));
    const times = Math.min(
      ...whole.filter(({ share }) => share > 0).map(({ at, share }) => at.length / share),
    );
    const members = whole.flatMap(({ at, share }) =>
      share > 0 ? [...somePositions(at, Math.floor(times * share))] : [],
    );
    return somePositions(Int32Array.from(members), MAX_IMAGES);
  };
  const learned = classes.flatMap((one) => one.learned ?? []);
  return {
    generated: pool('generated'),
    heldOut: pool('heldOut'),
    train: pool('train'),
    learned:
      learned.length > 0
        ? Int32Array.from(learned.flatMap((positions) => [...positions]))
        : undefined,
  };
}

/** Where the image of a row lies in a store; nowhere if it could not be read. */
function positionOfRow({ rows }: PixelStore): (row: number) => number[] {
  const positions = new Map(Array.from(rows, (row, position) => [row, position]));
  return (row) => [positions.get(row) ?? []].flat();
}
