import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers every operation's gradient.
import '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { openOnnxEngine } from '../src/index.js';
import { expectClose, randomValues } from './run-both.js';

const [BATCH, LATENT, STEPS] = [4, 6, 20];

type Weights = Record<string, tf.Variable>;

/** Weights of a small DCGAN for 8x8 images of 3 channels, the same every time. */
function initialize(shapes: Record<string, number[]>, seed: number): Weights {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => {
      const values = randomValues(seed + i, tf.util.sizeFromShape(shape), 0.2);
      const start = name.startsWith('gain') ? values.fill(1) : values;
      return [name, tf.variable(tf.tensor(start, shape))];
    }),
  );
}

function batchNorm(x: tf.Tensor, gain?: tf.Variable, offset?: tf.Variable): tf.Tensor {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const { mean, variance } = tf.moments(x, axes);
  return tf.batchNorm(x, mean, variance, offset, gain, 1e-5);
}

function build() {
  const generator = initialize(
    {
      dense: [LATENT, 2 * 2 * 16],
      gain1: [16],
      offset1: [16],
      up1: [4, 4, 8, 16],
      gain2: [8],
      offset2: [8],
      up2: [4, 4, 3, 8],
    },
    100,
  );
  const discriminator = initialize(
    { down1: [4, 4, 3, 8], down2: [4, 4, 8, 16], gain: [16], offset: [16], dense: [2 * 2 * 16, 1] },
    200,
  );
  const up = (x: tf.Tensor, filter: tf.Variable | undefined, size: number, channels: number) =>
    tf.conv2dTranspose(
      x as tf.Tensor4D,
      filter as unknown as tf.Tensor4D,
      [BATCH, size, size, channels],
      2,
      'same',
    );
  const down = (x: tf.Tensor, filter: tf.Variable | undefined) =>
    tf.leakyRelu(tf.conv2d(x as tf.Tensor4D, filter as unknown as tf.Tensor4D, 2, 'same'), 0.2);
  const generate = (z: tf.Tensor): tf.Tensor => {
    const { dense, gain1, offset1, up1, gain2, offset2, up2 } = generator;
    const cells = tf.reshape(tf.matMul(z, dense ?? z), [BATCH, 2, 2, 16]);
    const first = tf.relu(batchNorm(cells, gain1, offset1));
    const second = tf.relu(batchNorm(up(first, up1, 4, 8), gain2, offset2));
    return tf.tanh(up(second, up2, 8, 3)); // [batch, 8, 8, 3]
  };
  const judge = (images: tf.Tensor): tf.Tensor => {
    const { down1, down2, gain, offset, dense } = discriminator;
    const second = batchNorm(down(down(images, down1), down2), gain, offset);
    return tf.matMul(tf.reshape(second, [BATCH, 2 * 2 * 16]), dense ?? images); // [batch, 1]
  };
  const slots = new Map<tf.Variable, [tf.Variable, tf.Variable]>();
  for (const variable of [...Object.values(generator), ...Object.values(discriminator)]) {
    const zeros = () => tf.variable(tf.zeros(variable.shape));
    slots.set(variable, [zeros(), zeros()]);
  }
  const update = (loss: () => tf.Tensor, weights: Weights): tf.Tensor => {
    const variables = Object.values(weights);
    const { value, grads } = tf.variableGrads(() => tf.mean(loss()), variables);
    for (const variable of variables) {
      const gradient = grads[variable.name] ?? variable;
      const [m, v] = slots.get(variable) ?? [variable, variable];
      m.assign(tf.add(tf.mul(m, 0.5), tf.mul(gradient, 0.5)));
      v.assign(tf.add(tf.mul(v, 0.999), tf.mul(tf.square(gradient), 0.001)));
      variable.assign(tf.sub(variable, tf.div(tf.mul(m, 2e-4), tf.add(tf.sqrt(v), 1e-3))));
    }
    return value;
  };
  const step = (...[real, zD, zG]: tf.Tensor[]): tf.Tensor[] => {
    const [images, noiseD, noiseG] = [real, zD, zG] as [tf.Tensor, tf.Tensor, tf.Tensor];
    const lossD = update(
      () => tf.add(tf.softplus(tf.neg(judge(images))), tf.softplus(judge(generate(noiseD)))),
      discriminator,
    );
    const lossG = update(() => tf.softplus(tf.neg(judge(generate(noiseG)))), generator);
    return [lossD, lossG];
  };
  const weights = [...slots.keys()];
  return { step, weights, variables: [...weights, ...[...slots.values()].flat()] };
}

const shapes = [
  [BATCH, 8, 8, 3],
  [BATCH, LATENT],
  [BATCH, LATENT],
];
const batches = Array.from({ length: STEPS }, (_, i) =>
  shapes.map((shape, j) => randomValues(1000 + 3 * i + j, tf.util.sizeFromShape(shape), 0.8)),
);

it('20 steps of a DCGAN follow the CPU backend, losses and weights, to 1e-4', async () => {
  await tf.setBackend('cpu');
  const eager = build();
  const losses = batches.map((batch) =>
    tf.tidy(() =>
      eager
        .step(...batch.map((values, j) => tf.tensor(values, shapes[j])))
        .map((loss) => Float32Array.from(loss.dataSync())),
    ),
  );
  const weights = eager.weights.map((variable) => Float32Array.from(variable.dataSync()));

  const engine = await openOnnxEngine({ threads: 2 });
  const traced = build();
  const step = await engine.compile(traced.step, {
    inputs: shapes.map((shape, j) => ({ name: `x${j}`, shape })),
    variables: traced.variables,
  });
  for (const [i, batch] of batches.entries()) {
    const received = await step.run(...batch);
    expect(received.length).toBe(2);
    losses[i]?.forEach((loss, j) => {
      expectClose(received[j], loss, 1e-4);
    });
  }
  for (const [i, values] of weights.entries()) {
    const variable = traced.weights[i];
    expectClose(variable && (await engine.read(variable)), values, 1e-4);
  }
  await engine.dispose();
  tf.disposeVariables();
});
