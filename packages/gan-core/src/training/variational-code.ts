import * as tf from '@tensorflow/tfjs-core';
import { noise } from './batch-inputs.js';
import type { Code } from './code.js';

/**
 * Standard deviation of a pixel around its reconstruction, in units of [-1, 1]. The bound on the likelihood is then
 * squared error / (2 sd^2) + divergence, summed over an image; divided by pixels / (2 sd^2) it is the mean squared error
 * plus 2 sd^2 / pixels times the divergence. A larger one makes smoother images and codes nearer to N(0, 1).
 */
const PIXEL_SD = 0.2;

/** The shape of what is encoded. */
interface Shape {
  readonly size: number;
  readonly channels: number;
  readonly latentDim: number;
}

/**
 * A variational code (Kingma & Welling, 2014): the encoder says mean and log variance of a normal distribution, the code
 * is drawn from it, and its divergence from N(0, 1) is penalised, so that images can be made of N(0, 1) noise.
 */
export function variationalCode({ size, channels, latentDim }: Shape): Code {
  const parts = (encoded: tf.Tensor) => {
    const [mean, logVariance] = tf.split(encoded, 2, 1);
    return { mean, logVariance } as { mean: tf.Tensor; logVariance: tf.Tensor };
  };
  return {
    encodedLength: 2 * latentDim,
    inputs: (batch) => [noise('codeNoise', [batch, latentDim])],
    bufferSpecs: new Map(),
    codes(encoded, input) {
      const { mean, logVariance } = parts(encoded);
      return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), input('codeNoise')));
    },
    penalty: {
      output: 'lossKL',
      weight: (2 * PIXEL_SD ** 2) / (size * size * channels),
      of(encoded) {
        const { mean, logVariance } = parts(encoded);
        const terms = tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1));
        return tf.mul(tf.mean(tf.sum(terms, 1)), 0.5);
      },
    },
    nextBuffers: () => new Map(),
  };
}
