import * as tf from '@tensorflow/tfjs-core';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { StepCompiler } from '../step-compiler.js';
import { classify, type ClassifierShape } from './classifier-network.js';

/** A labelled set of images in memory. */
export interface LabelledImages {
  /** uint8 [n, size, size, channels] */
  readonly images: Uint8Array;
  /** Class indices, [n]. */
  readonly labels: Int32Array;
}

/** Images of a step. */
const BATCH = 64;
/** Step size and decay rates of Adam (Kingma and Ba, 2015). */
const RATE = 2e-3;
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Trains a classifier's parameters, a step at a time. */
export interface ClassifierTraining {
  /** Values of the parameters, as they are now. */
  readonly values: readonly Float32Array[];
  step(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Opens the training of a classifier by cross entropy, each class as often as any other, its images shifted by
 * up to an eighth of their side. The values of parameters and moments go in and come out with every step: the step has no
 * variables. Deterministic by seed.
 *
 * @param start values of the parameters before the first step
 */
export async function openClassifierTraining(
  compiler: StepCompiler,
  shape: ClassifierShape,
  parameterShapes: readonly (readonly number[])[],
  { images, labels }: LabelledImages,
  start: readonly Float32Array[],
  seed: number,
): Promise<ClassifierTraining> {
  const { size, channels, classes } = shape;
  const bytes = size * size * channels;
  const random = xoroshiro128plus(seed);
  const members = Array.from({ length: classes }, (_, label) =>
    [...labels.keys()].filter((i) => labels[i] === label),
  ).filter(({ length }) => length > 0);
  const count = start.length;
  const compiled = await compiler.compile(
    (pixels, oneHot, rate, ...rest) => {
      const parameters = rest.slice(0, count);
      const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
        const { logits } = classify(values, pixels);
        const likelihood = tf.sum(tf.mul(tf.logSoftmax(logits), oneHot), 1);
        return tf.neg(tf.mean<tf.Scalar>(likelihood));
      })(parameters);
      const updated = parameters.map((parameter, i) =>
        adam(parameter, grads[i], rest[count + i], rest[2 * count + i], rate),
      );
      return [
        ...updated.map(([value]) => value),
        ...updated.map(([, m]) => m),
        ...updated.map(([, , v]) => v),
      ];
    },
    {
      inputs: [
        { name: 'pixels', shape: [BATCH, size, size, channels] },
        { name: 'oneHot', shape: [BATCH, classes] },
        { name: 'rate', shape: [1] },
        ...['parameter', 'first', 'second'].flatMap((name) =>
          parameterShapes.map((own, i) => ({ name: `${name}${i}`, shape: own })),
        ),
      ],
      variables: [],
    },
  );
  let state: readonly Float32Array[] = [
    ...start,
    ...start.map((values) => new Float32Array(values.length)),
    ...start.map((values) => new Float32Array(values.length)),
  ];
  let done = 0;
  return {
    get values() {
      return state.slice(0, count);
    },
    async step() {
      const pixels = new Float32Array(BATCH * bytes);
      const oneHot = new Float32Array(BATCH * classes);
      for (let slot = 0; slot < BATCH; slot++) {
        // Counted over steps, since there may be more classes than a step has images.
        const own = members[(done * BATCH + slot) % members.length] ?? [];
        const at = own[uniformInt(random, 0, own.length - 1)] ?? 0;
        const reach = Math.floor(size / 8);
        const shift = [uniformInt(random, -reach, reach), uniformInt(random, -reach, reach)];
        const image = images.subarray(at * bytes, (at + 1) * bytes);
        writeShifted(image, pixels.subarray(slot * bytes), { size, channels }, shift);
        oneHot[slot * classes + (labels[at] ?? 0)] = 1;
      }
      done++;
      const rate = (RATE * Math.sqrt(1 - BETA_2 ** done)) / (1 - BETA_1 ** done);
      state = await compiled.run(pixels, oneHot, Float32Array.of(rate), ...state);
    },
    dispose: () => compiled.dispose(),
  };
}

/** Adam's next parameter and moments. */
function adam(
  parameter: tf.Tensor,
  gradient: tf.Tensor | undefined,
  first: tf.Tensor | undefined,
  second: tf.Tensor | undefined,
  rate: tf.Tensor,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  if (!gradient || !first || !second) throw new Error('A parameter has no gradient or no moments.');
  const m = tf.add(tf.mul(first, BETA_1), tf.mul(gradient, 1 - BETA_1));
  const v = tf.add(tf.mul(second, BETA_2), tf.mul(tf.square(gradient), 1 - BETA_2));
  return [tf.sub(parameter, tf.div(tf.mul(rate, m), tf.add(tf.sqrt(v), EPSILON))), m, v];
}

/** Writes an image in [0, 1] that is shifted down and right; its border repeats. */
function writeShifted(
  image: Uint8Array,
  target: Float32Array,
  { size, channels }: { readonly size: number; readonly channels: number },
  [down = 0, right = 0]: readonly number[],
): void {
  const within = (at: number) => Math.min(size - 1, Math.max(0, at));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = (within(y - down) * size + within(x - right)) * channels;
      const to = (y * size + x) * channels;
      for (let c = 0; c < channels; c++) target[to + c] = (image[from + c] ?? 0) / 255;
    }
  }
}
