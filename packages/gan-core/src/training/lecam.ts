import * as tf from '@tensorflow/tfjs-core';
import { get, type Parameters, type ParameterSpecs } from '../networks/parameters.js';
import type { Batch, StepInput } from './training-step.js';

/** Decay of the anchors, and the share of the run from which they pull. */
const ANCHOR_DECAY = 0.99;
const START = 0.1;
/** A time budget is steps only after its first 15: until then no progress is known, and a resumed run must start alike. */
const FIRST_STEP = 100;

/** The discriminator's logits of real and generated images, or their means. */
interface Logits {
  readonly real: tf.Tensor;
  readonly generated: tf.Tensor;
}

/**
 * Pulls the logits of each side towards where the other side's have been: E (D(x) - a_G)^2 + E (D(G(z)) - a_R)^2
 * (Tseng et al., 2021, eq. 3), so that a discriminator of few images does not move away from the generator.
 *
 * @param logits [batch, 1] each
 * @param anchors running means of the logits, scalars
 */
export function lecam(logits: Logits, anchors: Logits): tf.Scalar {
  const distance = (values: tf.Tensor, anchor: tf.Tensor) =>
    tf.mean<tf.Scalar>(tf.square(tf.sub(values, anchor)));
  return tf.add(distance(logits.real, anchors.generated), distance(logits.generated, anchors.real));
}

/** Running means of the logits. */
export const anchorSpecs: ParameterSpecs = new Map([
  ['anchorOfReal', { shape: [], start: 0 }],
  ['anchorOfGenerated', { shape: [], start: 0 }],
]);

/** The anchors among the buffers. */
export function anchorsOf(buffers: Parameters): { real: tf.Variable; generated: tf.Variable } {
  return { real: get(buffers, 'anchorOfReal'), generated: get(buffers, 'anchorOfGenerated') };
}

/** Moves the anchors towards the means of a batch's logits: decay * anchor + (1 - decay) * mean. */
export function updateAnchors(buffers: Parameters, means: Logits, decay: tf.Tensor): void {
  const anchors = anchorsOf(buffers);
  for (const side of ['real', 'generated'] as const) {
    const mean = means[side];
    anchors[side].assign(tf.add(mean, tf.mul(decay, tf.sub(anchors[side], mean))));
  }
}

/** The weight of the regulariser at a step, and how much of the anchors stays; until it starts, they are the last batch's. */
export function lecamInputs(weight: number): StepInput[] {
  const scalar = (name: string, value: (isOn: boolean) => number): StepInput => ({
    name,
    shape: [],
    draw: (batch) => Float32Array.of(value(isOn(batch))),
  });
  return [
    scalar('lecamWeight', (isOn) => (isOn ? weight : 0)),
    scalar('anchorDecay', (isOn) => (isOn ? ANCHOR_DECAY : 0)),
  ];
}

function isOn({ step, progress }: Batch): boolean {
  return step >= FIRST_STEP && progress >= START;
}
