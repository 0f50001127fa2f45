import * as tf from '@tensorflow/tfjs-core';
import type { FeatureExtractor } from '../features/feature-extractor.js';
import { toUnitFloats } from '../pixels.js';
import type { StepCompiler } from '../step-compiler.js';
import {
  classifierParameters,
  classify,
  FEATURES,
  startValues,
  type ClassifierShape,
} from './classifier-network.js';
import { openClassifierTraining, type LabelledImages } from './train-classifier.js';

/** What a classifier says of images. */
export interface Classified {
  /** Of each class, [n, classes]; those of an image sum to 1. */
  readonly probabilities: Float32Array;
  /** What they are told by, [n, 64]. */
  readonly features: Float32Array;
}

/** A classifier of real images. */
export interface LabelClassifier {
  readonly classes: number;
  /** Training steps of the parameters that were kept. */
  readonly steps: number;
  /** Share of the select images that are told rightly, the mean over classes; undefined without any. */
  readonly recall: number | undefined;
  /** @param images uint8 [n, size, size, channels]; what is said of one does not depend on the others */
  classify(images: Uint8Array): Promise<Classified>;
  /** Its features, to compare images in; closed with it. */
  readonly extractor: FeatureExtractor;
  dispose(): Promise<void>;
}

/** Changes with the network, and with how it is trained. */
const NAME = 'labels-v1';
/** Images described at a time. */
const BLOCK = 64;
/** Steps at most, between two measures, and measures without gain after which training ends. */
const MAX_STEPS = 300;
const LOOK_STEPS = 50;
const PATIENCE = 2;
/** Steps where there are no select images to tell when to stop. */
const BLIND_STEPS = 200;

/**
 * Trains a small convolutional classifier on real train images, and keeps the parameters under which select images are
 * likeliest, class by class. Deterministic by seed.
 *
 * @param train images of at least two classes
 */
export async function trainLabelClassifier(
  compiler: StepCompiler,
  shape: ClassifierShape,
  { train, select }: { readonly train: LabelledImages; readonly select: LabelledImages },
  seed: number,
): Promise<LabelClassifier> {
  const { size, channels, classes } = shape;
  const bytes = size * size * channels;
  const parameters = classifierParameters(shape);
  const shapes = parameters.map((one) => one.shape);
  const describe = await compiler.compile(
    (images, ...values) => {
      const { features, logits } = classify(values, images);
      return [tf.softmax(logits), features];
    },
    {
      inputs: [
        { name: 'images', shape: [BLOCK, size, size, channels] },
        ...shapes.map((own, i) => ({ name: `parameter${i}`, shape: own })),
      ],
      variables: [],
    },
  );

  async function classifyBy(values: readonly Float32Array[], images: Uint8Array) {
    const count = images.length / bytes;
    const probabilities = new Float32Array(count * classes);
    const features = new Float32Array(count * FEATURES);
    const block = new Float32Array(BLOCK * bytes);
    for (let from = 0; from < count; from += BLOCK) {
      const rows = Math.min(BLOCK, count - from);
      toUnitFloats(images.subarray(from * bytes, (from + rows) * bytes), block, bytes);
      const [told = block, described = block] = await describe.run(block, ...values);
      probabilities.set(told.subarray(0, rows * classes), from * classes);
      features.set(described.subarray(0, rows * FEATURES), from * FEATURES);
    }
    return { probabilities, features };
  }

  const training = await openClassifierTraining(
    compiler,
    shape,
    shapes,
    train,
    startValues(parameters, seed),
    seed,
  );
  let best = { values: training.values, steps: 0, loss: Infinity, recall: 0 };
  const isBlind = select.labels.length === 0;
  for (let step = 1, looks = 0; step <= (isBlind ? BLIND_STEPS : MAX_STEPS); step++) {
    await training.step();
    if (isBlind || step % LOOK_STEPS !== 0) continue;
    const { probabilities } = await classifyBy(training.values, select.images);
    const { loss, recall } = rate(probabilities, select.labels, classes);
    if (loss < best.loss)
      [best, looks] = [{ values: training.values, steps: step, loss, recall }, 0];
    else if (++looks === PATIENCE) break;
  }
  if (isBlind) best = { ...best, values: training.values, steps: BLIND_STEPS };
  await training.dispose();
  const { values, steps, recall } = best;
  return {
    classes,
    steps,
    recall: isBlind ? undefined : recall,
    classify: (images) => classifyBy(values, images),
    extractor: {
      name: NAME,
      dimensions: FEATURES,
      extract: async (images) => (await classifyBy(values, images)).features,
      dispose: () => Promise.resolve(),
    },
    dispose: () => describe.dispose(),
  };
}

/** Mean over classes of the mean loss -log p and of the share told rightly. */
function rate(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
): { loss: number; recall: number } {
  const sums = Array.from({ length: classes }, () => ({ count: 0, loss: 0, right: 0 }));
  labels.forEach((label, i) => {
    const sum = sums[label];
    if (!sum) return;
    const own = probabilities.subarray(i * classes, (i + 1) * classes);
    sum.count++;
    sum.loss -= Math.log(Math.max(own[label] ?? 0, Number.MIN_VALUE));
    if (own.every((p) => p <= (own[label] ?? 0))) sum.right++;
  });
  const seen = sums.filter(({ count }) => count > 0);
  const meanOf = (valueOf: (sum: (typeof seen)[number]) => number) =>
    seen.reduce((total, sum) => total + valueOf(sum) / sum.count, 0) / seen.length;
  return { loss: meanOf(({ loss }) => loss), recall: meanOf(({ right }) => right) };
}
