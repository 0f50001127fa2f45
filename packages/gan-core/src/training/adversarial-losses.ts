import * as tf from '@tensorflow/tfjs-core';

/** The two players' losses of logits, [batch, 1] each; both are minimised. */
export interface AdversarialLoss {
  discriminator(real: tf.Tensor, generated: tf.Tensor): tf.Scalar;
  generator(generated: tf.Tensor): tf.Scalar;
}

/** -log sigmoid(logits), averaged. */
function missing(logits: tf.Tensor): tf.Scalar {
  return tf.mean(tf.softplus(tf.neg(logits)));
}

/** The logistic loss, the generator's in its non-saturating form -log D(G(z)) (Goodfellow et al., 2014). */
export const nonSaturatingLoss: AdversarialLoss = {
  discriminator: (real, generated) => tf.add(missing(real), tf.mean(tf.softplus(generated))),
  generator: missing,
};
