import * as tf from '@tensorflow/tfjs-core';

const SIDE = 2048;

/** The machine's own rate: the runtime's product of two large square matrices. */
export async function openSgemm(engine) {
  await engine.activate();
  const shape = [SIDE, SIDE];
  const factor = tf.variable(tf.tensor(new Float32Array(SIDE ** 2).fill(1 / SIDE), shape));
  const step = () => {
    factor.assign(tf.matMul(factor, factor));
    return [tf.zeros([1])];
  };
  const compiled = await engine.compile(step, { inputs: [], variables: [factor] });
  return { next: () => compiled.run(), images: 1, flops: 2 * SIDE ** 3 };
}
