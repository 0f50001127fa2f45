import * as tf from '@tensorflow/tfjs-core';

/** What keeps the variance of a constant channel from 0. */
export const EPSILON = 1e-5;

/** Mean and variance of each channel, [channels]. */
export interface ChannelStatistics {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/** The statistics of a batch, [batch, height, width, channels]. */
export function batchStatistics(x: tf.Tensor): ChannelStatistics {
  const channels = x.shape.at(-1) ?? 1;
  const rows = tf.reshape(x, [-1, channels]);
  const mean = tf.mean(rows, 0);
  return { mean, variance: tf.mean(tf.square(tf.sub(rows, mean)), 0) };
}

/**
 * Batch norm with the batch's own statistics: gain (x - mean) / sd + bias (Ioffe & Szegedy, 2015). Its gradient is
 * written out, because the tape's would pass over the image three times as often.
 *
 * @param x [batch, height, width, channels]
 * @param gain [channels], or of every image, [batch, channels]
 * @param bias of the same shape
 */
export function batchNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return normalise(x, gain, bias);
}

/**
 * Batch norm with fixed statistics.
 *
 * @param x [batch, height, width, channels]
 * @param gain [channels], or of every image, [batch, channels]
 * @param bias of the same shape
 */
export function normaliseBy(
  { mean, variance }: ChannelStatistics,
  x: tf.Tensor,
  gain: tf.Tensor,
  bias: tf.Tensor,
): tf.Tensor {
  const channels = x.shape.at(-1) ?? 1;
  const slope = tf.mul(gain, tf.rsqrt(tf.add(variance, EPSILON)));
  const offset = tf.sub(bias, tf.mul(mean, slope));
  const overPixels = (values: tf.Tensor) => tf.reshape(values, [-1, 1, 1, channels]);
  return tf.add(tf.mul(x, overPixels(slope)), overPixels(offset));
}

const normalise = tf.customGrad((...inputs) => {
  const [x, gain, bias, save] = inputs as unknown as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    (tensors: tf.Tensor[]) => void,
  ];
  const channels = x.shape.at(-1) ?? 1;
  const groups = gain.size / channels;
  const count = x.size / channels;
  const view = [groups, count / groups, channels];
  const perGroup = (values: tf.Tensor) => tf.reshape(values, [groups, 1, channels]);
  const perChannel = (values: tf.Tensor) => tf.reshape(values, [1, 1, channels]);

  const rows = tf.reshape(x, [count, channels]);
  const centred = tf.sub(rows, tf.mean(rows, 0));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 0), EPSILON)); // [channels]
  const slope = perGroup(tf.mul(gain, scale));
  const value = tf.add(tf.mul(tf.reshape(centred, view), slope), perGroup(bias));
  save([centred, scale, gain]);

  return {
    value: tf.reshape(value, x.shape),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [centred, scale, gain] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const gradient = tf.reshape(dy, view);
      const cells = tf.reshape(centred, view);
      const sum = tf.sum(gradient, 1); // [groups, channels]
      const product = tf.sum(tf.mul(gradient, cells), 1);
      const gains = tf.reshape(gain, [groups, channels]);
      const ofMean = tf.mul(tf.sum(tf.mul(gains, sum), 0), tf.mul(scale, -1 / count));
      const ofScale = tf.mul(
        tf.sum(tf.mul(gains, product), 0),
        tf.mul(tf.mul(scale, tf.square(scale)), -1 / count),
      );
      const dx = tf.add(
        tf.mul(gradient, perGroup(tf.mul(gain, scale))),
        tf.add(tf.mul(cells, perChannel(ofScale)), perChannel(ofMean)),
      );
      return [
        tf.reshape(dx, x.shape),
        tf.reshape(tf.mul(product, scale), gain.shape),
        tf.reshape(sum, gain.shape),
      ];
    },
  };
});
