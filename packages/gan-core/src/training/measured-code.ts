import * as tf from '@tensorflow/tfjs-core';
import { get } from '../networks/parameters.js';
import type { Code } from './code.js';

/**
 * An autoencoder's code: what the encoder says, wherever that lies. N(0, 1) noise would be far from all of it, so the
 * codes' mean and variance are measured, each number by itself, and images are made of codes drawn from that normal
 * distribution.
 */
export function measuredCode({ latentDim }: { readonly latentDim: number }): Code {
  return {
    encodedLength: latentDim,
    inputs: () => [],
    bufferSpecs: new Map([
      ['codes/mean', { shape: [latentDim], start: 0 }],
      ['codes/variance', { shape: [latentDim], start: 1 }],
    ]),
    codes: (encoded) => encoded,
    nextBuffers(buffers, encoded, input) {
      // They follow the codes as the moving average of the decoder follows the decoder.
      const decay = input('averageDecay');
      const towards = (name: string, value: tf.Tensor) =>
        tf.add(value, tf.mul(decay, tf.sub(get(buffers, name), value)));
      const mean = towards('codes/mean', tf.mean(encoded, 0));
      const variance = towards('codes/variance', tf.mean(tf.square(tf.sub(encoded, mean)), 0));
      return new Map([
        ['codes/mean', mean],
        ['codes/variance', variance],
      ]);
    },
    latent: (buffers, noise) =>
      tf.add(get(buffers, 'codes/mean'), tf.mul(noise, tf.sqrt(get(buffers, 'codes/variance')))),
  };
}
