import * as tf from '@tensorflow/tfjs-core';

/** The slope below 0 (Radford et al., 2016). */
const SLOPE = 0.2;

/** Leaky ReLU .2. Unlike that of tf.leakyRelu, its gradient is a product, which has a gradient in turn. */
export function leakyRelu(x: tf.Tensor): tf.Tensor {
  return activate(x);
}

const activate = tf.customGrad((...inputs) => {
  const [x, save] = inputs as unknown as [tf.Tensor, (tensors: tf.Tensor[]) => void];
  save([x]);
  return {
    value: tf.leakyRelu(x, SLOPE),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x] = saved as [tf.Tensor];
      return tf.mul(dy, tf.step(x, SLOPE));
    },
  };
});
