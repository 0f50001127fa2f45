import type { Manifest, QuarantineEntry } from '@evenset/dataset-io';
import type { Engine } from '@evenset/gan-core';
import type { ExtractorOptions } from '@evenset/quality-eval';
import type { CommandContext } from '../command.js';
import { RunError } from '../errors.js';
import type { SetQuality } from '../run/set-quality.js';
import { openExtractor } from './open-extractor.js';
import { evaluatedPositions, pooledPositions, type Positions } from './evaluated-positions.js';
import { evaluatedRows, type EvaluatedRows } from './evaluated-rows.js';
import { someOf } from './evenly.js';
import { openFeatureSpace } from './feature-space.js';
import { imagesAt } from './images-at.js';
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

/**
 * Measures a manifest's generated rows against its real ones, class by class and all together. Of each class 1,024
 * generated and held-out rows are read at most; train rows are read all, since any of them may have been copied.
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
    train: reference === 'held-out' ? rows.train : someOf(rows.train, MAX_IMAGES),
  }));
  const quarantine: QuarantineEntry[] = [];
  const closers: (() => Promise<void> | void)[] = [];
  const open = async (title: string, rows: readonly number[], channels = options.channels) => {
    const sorted = rows.toSorted((a, b) => a - b);
    const reading = { title, rows: sorted, quarantine };
    const store = await openPixels(manifest, reading, { ...options, channels }, context);
    closers.push(() => store.close());
    if (store.count > 0) return store;
    throw new RunError(
      `None of the ${rows.length} ${title} images of ${manifest.file} can be read. The first: ${quarantine[0]?.path ?? ''}: ${quarantine[0]?.reason ?? ''}`,
    );
  };
  try {
    const realRows = some.flatMap(({ heldOut, train }) => [...heldOut, ...train]);
    const real = await open('real', realRows);
    const generatedRows = some.flatMap((rows) => rows.generated);
    const generated = await open('generated', generatedRows, real.channels);

    const positions = await evaluatedPositions(some, reference, { real, generated });
    const trained = Int32Array.from(positions.flatMap(({ train }) => [...train])).sort();
    const standardOn = trained.length > 0 ? trained : Int32Array.from(real.rows.keys());
    const input = { pixels: real, split: { train: standardOn } };
    const own = await openExtractor(options, real, engine, context);
    closers.push(() => own.dispose());
    const space = await openFeatureSpace(input, engine, own);
    closers.push(() => space.dispose());
    const second =
      options.extractor === undefined ? undefined : await openFeatureSpace(input, engine);
    if (second) closers.push(() => second.dispose());
    const measure = (at: Positions) =>
      measureQuality(
        space,
        {
          generated: imagesAt(generated, at.generated),
          heldOut: imagesAt(real, at.heldOut),
          train: imagesAt(real, at.train),
          learned: at.learned && imagesAt(real, at.learned),
        },
        second,
      );

    const bar = context.narrator.progress('measure', classes.length + 1, 'sets');
    closers.push(() => {
      bar.stop();
    });
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
    for (const close of closers.reverse()) await close();
  }
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
