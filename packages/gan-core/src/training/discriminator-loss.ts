import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '../networks/parameters.js';
import { adversarialLosses, labelSmoothing } from './adversarial-losses.js';
import { judgeWithSlopes } from './gradient-penalty.js';
import { anchorsOf, lecam } from './lecam.js';
import type { Recipe } from './recipe.js';

/** What a recipe's discriminator loss is taken of. */
interface Judged {
  /** Images to logits, [2 batch, 1]. */
  readonly judge: (images: tf.Tensor) => tf.Tensor;
  /** As many real images as generated ones after them, [2 batch, size, size, channels]. */
  readonly images: tf.Tensor;
  /** Where LeCam's anchors are. */
  readonly buffers: Parameters;
  /** The step's inputs by name. */
  readonly input: (name: string) => tf.Tensor;
}

/**
 * What the discriminator minimises: the recipe's adversarial loss and its regularisers, all of the logits as they are.
 *
 * @returns the loss, and the logits, kept beyond a tidy: to be disposed by the caller
 */
export function discriminatorLoss(
  recipe: Recipe,
  { judge, images, buffers, input }: Judged,
): { value: tf.Scalar; logits: tf.Tensor } {
  const gamma = recipe.gradientPenalty;
  const { logits, squaredSlopes } =
    gamma > 0 ? judgeWithSlopes(judge, images) : { logits: tf.keep(judge(images)) };
  const [real, generated] = tf.split(logits, 2) as [tf.Tensor, tf.Tensor];
  const terms = [adversarialLosses[recipe.loss].discriminator(real, generated)];
  if (recipe.labelSmoothing > 0) terms.push(labelSmoothing(real, recipe.labelSmoothing));
  if (recipe.lecam > 0) {
    terms.push(tf.mul(input('lecamWeight'), lecam({ real, generated }, anchorsOf(buffers))));
  }
  // R1 and R2 are means over a half each: twice the mean over both.
  if (squaredSlopes) terms.push(tf.mul(gamma, tf.mean(squaredSlopes)));
  return { value: terms.reduce((sum, term) => tf.add(sum, term)), logits };
}
