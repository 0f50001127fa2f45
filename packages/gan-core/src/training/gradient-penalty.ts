import * as tf from '@tensorflow/tfjs-core';

/** Logits, and how steep they are at the images. */
export interface JudgedWithSlopes {
  /** [batch, 1]; kept beyond a tidy: to be disposed by the caller. */
  readonly logits: tf.Tensor;
  /** |grad_x D(x)|^2 of each image, [batch]. */
  readonly squaredSlopes: tf.Tensor;
}

/**
 * Judges images and measures the gradient that zero-centred penalties keep small: (gamma / 2) E |grad_x D(x)|^2, R1 at
 * real images and R2 at generated ones (Mescheder et al., 2018, eq. 9 and 10). No logit may depend on other images.
 *
 * @param judge images to logits, [batch, 1], of operations whose gradients have gradients
 * @param images [batch, height, width, channels]
 */
export function judgeWithSlopes(
  judge: (images: tf.Tensor) => tf.Tensor,
  images: tf.Tensor,
): JudgedWithSlopes {
  let logits: tf.Tensor | undefined;
  const slopes = tf.grad((x: tf.Tensor) => {
    // Kept, because tf.grad frees what its function computes.
    logits = tf.keep(judge(x));
    return tf.sum(logits);
  })(images);
  if (!logits) throw new Error('The gradient was taken without the function being called.');
  return { logits, squaredSlopes: tf.sum(tf.square(slopes), [1, 2, 3]) };
}
