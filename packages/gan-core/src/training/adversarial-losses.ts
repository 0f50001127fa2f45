import * as tf from '@tensorflow/tfjs-core';

/** The losses by name. */
export const lossNames = ['non-saturating', 'minimax', 'hinge', 'relativistic'] as const;
export type LossName = (typeof lossNames)[number];

/** The two players' losses of logits, [batch, 1] each; both are minimised. */
export interface AdversarialLoss {
  readonly discriminator: (real: tf.Tensor, generated: tf.Tensor) => tf.Scalar;
  /** The real images' logits are computed only where the loss asks for them. */
  readonly generator: (generated: tf.Tensor, real: () => tf.Tensor) => tf.Scalar;
  /** Whether it is a cross entropy against the labels real and generated, which can be smoothed. */
  readonly hasLabels: boolean;
  /** Whether it compares the i-th real image with the i-th generated one, which are then of the same class. */
  readonly isPaired: boolean;
}

/** -log sigmoid(logits), averaged. */
function surprise(logits: tf.Tensor): tf.Scalar {
  return tf.mean(tf.softplus(tf.neg(logits)));
}

/** -log D(x) - log(1 - D(G(z))). */
function crossEntropy(real: tf.Tensor, generated: tf.Tensor): tf.Scalar {
  return tf.add(surprise(real), surprise(tf.neg(generated)));
}

/** The game with the generator's loss -log D(G(z)), which does not fade where D is sure (Goodfellow et al., 2014, section 3). */
const nonSaturating: AdversarialLoss = {
  discriminator: crossEntropy,
  generator: surprise,
  hasLabels: true,
  isPaired: false,
};

/** The two-player game itself: the generator minimises log(1 - D(G(z))) = -softplus(logit) (Goodfellow et al., 2014, eq. 1). */
const minimax: AdversarialLoss = {
  discriminator: crossEntropy,
  generator: (generated) => tf.mean<tf.Scalar>(tf.neg(tf.softplus(generated))),
  hasLabels: true,
  isPaired: false,
};

/** max(0, 1 - D(x)) + max(0, 1 + D(G(z))), and -D(G(z)) for the generator (Lim & Ye, 2017, eq. 6 and 7). */
const hinge: AdversarialLoss = {
  discriminator: (real, generated) =>
    tf.add(tf.mean(tf.relu(tf.sub(1, real))), tf.mean(tf.relu(tf.add(1, generated)))),
  generator: (generated) => tf.mean<tf.Scalar>(tf.neg(generated)),
  hasLabels: false,
  isPaired: false,
};

/**
 * Each generated image against a real one, -log sigmoid(D(x) - D(G(z))) and the reverse (Jolicoeur-Martineau, 2018,
 * RpGAN; Huang et al., 2024, R3GAN, which adds the gradient penalties that make it converge).
 */
const relativistic: AdversarialLoss = {
  discriminator: (real, generated) => surprise(tf.sub(real, generated)),
  generator: (generated, real) => surprise(tf.sub(generated, real())),
  hasLabels: false,
  isPaired: true,
};

export const adversarialLosses: Readonly<Record<LossName, AdversarialLoss>> = {
  'non-saturating': nonSaturating,
  minimax,
  hinge,
  relativistic,
};

/**
 * What a cross entropy gains when the label of real images is 1 - share instead of 1, because
 * softplus(l) - softplus(-l) = l: one-sided label smoothing (Salimans et al., 2016, section 3.4).
 */
export function labelSmoothing(real: tf.Tensor, share: number): tf.Scalar {
  return tf.mul(share, tf.mean(real));
}
