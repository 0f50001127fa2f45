import * as tf from '@tensorflow/tfjs-core';

/** A weight divided by its largest singular value, and the vector to start from next time. */
export interface SpectralNorm {
  readonly weight: tf.Tensor;
  /** [1, columns]; detached from the gradient. */
  readonly vector: tf.Tensor;
}

const EPSILON = 1e-12;

/**
 * Divides a weight by an estimate of its largest singular value: one power iteration, whose vectors
 * carry no gradient (Miyato et al., 2018).
 *
 * @param weight [..., columns], taken as a matrix of all leading axes by columns
 * @param vector the estimate of the right singular vector, [1, columns]
 */
export function spectralNorm(weight: tf.Tensor, vector: tf.Tensor): SpectralNorm {
  const columns = weight.shape.at(-1) ?? 1;
  const matrix = tf.reshape(weight, [-1, columns]);
  const [left, right] = powerIteration(matrix, vector);
  const sigma = tf.sum(tf.mul(tf.matMul(left, matrix), right));
  return { weight: tf.div(weight, sigma), vector: right };
}

/** One step towards the singular vectors of the largest singular value; constants for the gradient. */
function powerIteration(matrix: tf.Tensor, vector: tf.Tensor): [left: tf.Tensor, right: tf.Tensor] {
  const left = detach(normalise(tf.matMul(vector, matrix, false, true))); // [1, rows]
  const right = detach(normalise(tf.matMul(left, matrix))); // [1, columns]
  return [left, right];
}

function normalise(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x)), EPSILON)));
}

/** The same values without a gradient. */
const detach = tf.customGrad((x) => {
  const value = tf.mul(x as tf.Tensor, 1);
  return { value, gradFunc: (dy) => tf.zerosLike(dy) };
});
