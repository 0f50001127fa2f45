import * as tf from '@tensorflow/tfjs-core';

/** The discriminator's logistic loss: mean softplus(-real) + mean softplus(fake) (Goodfellow et al., 2014). */
export function discriminatorLoss(realLogits: tf.Tensor, fakeLogits: tf.Tensor): tf.Scalar {
  return tf.add(tf.mean(tf.softplus(tf.neg(realLogits))), tf.mean(tf.softplus(fakeLogits)));
}

/** The generator's non-saturating loss: mean softplus(-fake) (Goodfellow et al., 2014). */
export function generatorLoss(fakeLogits: tf.Tensor): tf.Scalar {
  return tf.mean(tf.softplus(tf.neg(fakeLogits)));
}
