import type { Engine } from '@evenset/gan-core';
import {
  calibrateLabels,
  trainLabelClassifier,
  type LabelClassifier,
  type LabelGate,
  type LabelledImages,
} from '@evenset/quality-eval';
import { labelsAt } from './class-images.js';
import { someOf } from './evenly.js';
import type { Input } from './read-input.js';

/** Classes with fewer train images cannot be told by a classifier. */
const MIN_TRAIN = 20;
/** Images of a class that the classifier learns from and is measured on, at most: some at even distances. */
const MAX_TRAIN = 2000;
const MAX_HELD_OUT = 200;
/** The same of all classes together, about as many as all steps of its training draw, and their bytes in memory. */
const MAX_IMAGES = 20_000;
const MAX_BYTES = 2 ** 28;

/** A classifier of real images, and what it has to say of a generated one. */
export interface Labels {
  readonly classifier: LabelClassifier;
  readonly gate: LabelGate;
}

/** Trains the classifier that tells whether a generated image is of its class; undefined where it cannot be told. */
export async function openLabelGate(
  input: Pick<Input, 'pixels' | 'split' | 'manifest'>,
  engine: Engine,
  seed: number,
): Promise<{ labels: Labels | undefined; warnings: readonly string[] }> {
  const { pixels, split, manifest } = input;
  const classes = manifest.classes.length;
  const counts = new Array<number>(classes).fill(0);
  for (const label of labelsAt(input, split.train)) counts[label] = (counts[label] ?? 0) + 1;
  const few = manifest.classes.filter((_, label) => {
    const count = counts[label] ?? 0;
    return count > 0 && count < MIN_TRAIN;
  });
  if (counts.filter((count) => count >= MIN_TRAIN).length < 2) {
    const why =
      classes < 2
        ? 'there is one class only'
        : `fewer than two classes have ${MIN_TRAIN} train images`;
    return {
      labels: undefined,
      warnings: [`Whether generated images are of their class is not asked: ${why}.`],
    };
  }
  const read = async (positions: Int32Array, most: number): Promise<LabelledImages> => {
    const bytes = pixels.size * pixels.size * pixels.channels;
    const total = Math.min(MAX_IMAGES, MAX_BYTES / bytes);
    const share = Math.min(most, Math.max(1, Math.floor(total / classes)));
    const byClass = manifest.classes.map((): number[] => []);
    positions.forEach((position) => byClass[pixels.labels[position] ?? -1]?.push(position));
    const chosen = Int32Array.from(byClass.flatMap((own) => someOf(own, share)));
    return { images: await pixels.read(chosen), labels: labelsAt(input, chosen) };
  };
  const classifier = await trainLabelClassifier(
    engine,
    { size: pixels.size, channels: pixels.channels, classes },
    {
      train: await read(split.train, MAX_TRAIN),
      select: await read(split.select, MAX_HELD_OUT),
    },
    seed,
  );
  const calibrate = await read(split.calibrate, MAX_HELD_OUT);
  const { probabilities } = await classifier.classify(calibrate.images);
  return {
    labels: { classifier, gate: calibrateLabels(probabilities, calibrate.labels, classes) },
    warnings: few.map(
      (label) =>
        `${label}: a classifier learns little from fewer than ${MIN_TRAIN} train images; other-class says little there.`,
    ),
  };
}
