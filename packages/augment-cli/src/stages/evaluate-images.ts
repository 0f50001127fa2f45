import type { Manifest, PixelStore, QuarantineEntry } from '@evenset/dataset-io';
import type { Engine } from '@evenset/gan-core';
import type { ExtractorOptions } from '@evenset/quality-eval';
import type { CommandContext } from '../command.js';
import { RunError } from '../errors.js';
import type { SetQuality } from '../run/set-quality.js';
import { openExtractor } from './open-extractor.js';
import { evaluatedRows, type EvaluatedRows } from './evaluated-rows.js';
import { someOf } from './evenly.js';
import { openFeatureSpace } from './feature-space.js';
import { MAX_IMAGES, measureQuality } from './measure-quality.js';
import { openPixels, type ReadOptions } from './open-pixels.js';

/** What the generated rows of a manifest are worth. */
export interface Evaluation {
  /** What described the images. */
  readonly features: string;
  /** What described them a second time, beside an extractor of the user's own, to see whether both agree. */
  readonly secondFeatures: string | null;
  readonly reference: EvaluatedRows['reference'];
  readonly classes: readonly EvaluatedClass[];
  /**
   * All classes together, each with the same share of generated as of real images, since a class that was filled up is
   * not more likely than it was; its diversity is the mean of the classes'.
   */
  readonly pooled: SetQuality;
  readonly quarantine: readonly QuarantineEntry[];
}

interface EvaluatedClass {
  readonly label: string;
  /** Rows of the manifest; `quality` says how many of them were measured. */
  readonly rows: { readonly generated: number; readonly heldOut: number; readonly train: number };
  readonly quality: SetQuality;
}

/** Positions of a class's images in their stores. */
interface Positions {
  readonly generated: readonly number[];
  readonly heldOut: readonly number[];
  readonly train: readonly number[];
}

/**
 * Measures a manifest's generated rows against its real ones, class by class and all together. Of each class and kind
 * 1,024 rows are read at most, so that time and memory do not grow with the manifest.
 *
 * @throws RunError when there is nothing to measure, or none of it can be read
 */
export async function evaluateImages(
  manifest: Manifest,
  engine: Engine,
  options: ReadOptions & ExtractorOptions,
  context: CommandContext,
): Promise<Evaluation> {
  const { classes, reference } = evaluatedRows(manifest);
  const some = classes.map((rows) => ({
    generated: someOf(rows.generated, MAX_IMAGES),
    heldOut: someOf(rows.heldOut, MAX_IMAGES),
    train: someOf(rows.train, MAX_IMAGES),
  }));
  const quarantine: QuarantineEntry[] = [];
  const open = async (title: string, rows: readonly number[], channels = options.channels) => {
    const sorted = rows.toSorted((a, b) => a - b);
    const reading = { title, rows: sorted, quarantine };
    const store = await openPixels(manifest, reading, { ...options, channels }, context);
    if (store.count > 0) return store;
    await store.close();
    throw new RunError(
      `None of the ${rows.length} ${title} images of ${manifest.file} can be read. The first: ${quarantine[0]?.path ?? ''}: ${quarantine[0]?.reason ?? ''}`,
    );
  };
  const realRows = some.flatMap(({ heldOut, train }) => [...heldOut, ...train]);
  const real = await open('real', realRows);
  const generated = await open(
    'generated',
    some.flatMap((rows) => rows.generated),
    real.channels,
  ).catch(async (error: unknown) => {
    await real.close();
    throw error;
  });

  const atReal = positionOfRow(real);
  const atGenerated = positionOfRow(generated);
  const positions = some.map((rows): Positions => ({
    generated: rows.generated.flatMap(atGenerated),
    heldOut: rows.heldOut.flatMap(atReal),
    train: onePerContent(real, rows.train.flatMap(atReal)),
  }));
  const learned = positions.flatMap(({ train }) => train).sort((a, b) => a - b);
  const standardOn = learned.length > 0 ? learned : [...real.rows.keys()];
  const input = { pixels: real, split: { train: Int32Array.from(standardOn) } };
  const own = await openExtractor(options, real, engine, context);
  const space = await openFeatureSpace(input, engine, own);
  const second =
    options.extractor === undefined ? undefined : await openFeatureSpace(input, engine);
  const measure = async (at: Positions) => {
    const quality = await measureQuality(
      space,
      {
        generated: await generated.read(at.generated),
        heldOut: await real.read(at.heldOut),
        train: await real.read(at.train),
      },
      real,
      second,
    );
    // Halves of what the model has seen say nothing of copies.
    return reference === 'held-out'
      ? quality
      : { ...quality, dataCopying: null, authenticity: null };
  };

  const bar = context.narrator.progress('measure', classes.length + 1, 'sets');
  try {
    const evaluated: EvaluatedClass[] = [];
    for (const [i, { label, ...rows }] of classes.entries()) {
      context.signal.throwIfAborted();
      const at = positions[i];
      if (!at) continue;
      evaluated.push({
        label: manifest.classes[label] ?? '',
        rows: {
          generated: rows.generated.length,
          heldOut: rows.heldOut.length,
          train: rows.train.length,
        },
        quality: await measure(at),
      });
      bar.update(i + 1);
    }
    const pooled = {
      ...(await measure(pooledPositions(positions))),
      diversityRatio: meanDiversity(evaluated),
    };
    bar.update(classes.length + 1);
    return {
      features: space.name,
      secondFeatures: second?.name ?? null,
      reference,
      classes: evaluated,
      pooled,
      quarantine,
    };
  } finally {
    bar.stop();
    await second?.dispose();
    await space.dispose();
    await own.dispose();
    await real.close();
    await generated.close();
  }
}

/** Where the image of a row lies in a store; nowhere if it could not be read. */
function positionOfRow({ rows }: PixelStore): (row: number) => number[] {
  const positions = new Map(Array.from(rows, (row, position) => [row, position]));
  return (row) => [positions.get(row) ?? []].flat();
}

function onePerContent(store: PixelStore, positions: readonly number[]): number[] {
  const byContent = new Map(positions.toReversed().map((at) => [store.contentOf(at), at]));
  return [...byContent.values()].reverse();
}

/** Images of all classes, each class with the same share of the generated, the held-out and the train images. */
function pooledPositions(classes: readonly Positions[]): Positions {
  const shares = classes.map((one) =>
    Math.min(one.generated.length, one.heldOut.length, one.train.length),
  );
  const pool = (kind: keyof Positions) => {
    const whole = classes.map((one, i) => ({ at: one[kind], share: shares[i] ?? 0 }));
    const times = Math.min(
      ...whole.filter(({ share }) => share > 0).map(({ at, share }) => at.length / share),
    );
    const members = whole.flatMap(({ at, share }) =>
      share > 0 ? someOf(at, Math.floor(times * share)) : [],
    );
    return someOf(members, MAX_IMAGES);
  };
  return { generated: pool('generated'), heldOut: pool('heldOut'), train: pool('train') };
}

/** The mean of the classes' diversity, each by its generated images. */
function meanDiversity(classes: readonly EvaluatedClass[]): number | null {
  let [sum, weights] = [0, 0];
  for (const { quality, rows } of classes) {
    if (quality.diversityRatio === null) continue;
    sum += rows.generated * quality.diversityRatio;
    weights += rows.generated;
  }
  return weights > 0 ? sum / weights : null;
}
