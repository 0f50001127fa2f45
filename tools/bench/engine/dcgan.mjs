// Plain DCGANs in TensorFlow.js: the origin's own seed64, and small32, a light one.
import * as tf from '@tensorflow/tfjs-core';
import { adamStepSize, adamUpdate } from '../../../packages/gan-core/dist/training/adam.js';
import { batchNorm } from '../../../packages/gan-core/dist/networks/batch-norm.js';
import { zerosLike } from '../../../packages/gan-core/dist/networks/parameters.js';
import { normalValues } from './normal-values.mjs';

/** Networks by name; a discriminator layer is [from, to, stride, has batch norm]. */
export const dcganSizes = {
  small32: {
    side: 32,
    base: 4,
    noise: 0,
    generator: [128, 64, 32, 16],
    lastFilter: 5,
    isLeaky: false,
    discriminator: [
      [3, 32, 2, false],
      [32, 64, 2, true],
      [64, 128, 2, true],
    ],
  },
  seed64: {
    side: 64,
    base: 8,
    noise: 0.1,
    generator: [1024, 512, 256, 128],
    lastFilter: 4,
    isLeaky: true,
    discriminator: [
      [3, 128, 1, true],
      [128, 256, 2, true],
      [256, 512, 2, true],
      [512, 1024, 2, true],
    ],
  },
};

const LATENT = 100;

/** Multiplications and additions of one step per image: D on real and fake, G twice forwards, all gradients. */
function flopsPerImage({ side, base, generator, lastFilter, discriminator }) {
  let [height, forD, first] = [side, 0, 0];
  for (const [from, to, stride] of discriminator) {
    height /= stride;
    const flops = 2 * height ** 2 * 25 * from * to;
    first ||= flops;
    forD += flops;
  }
  let forG = 2 * LATENT * base ** 2 * generator[0];
  for (let i = 1; i < generator.length; i++) {
    forG += 2 * (base * 2 ** (i - 1)) ** 2 * 16 * generator[i - 1] * generator[i];
  }
  forG += 2 * side ** 2 * lastFilter ** 2 * generator.at(-1) * 3;
  return 4 * forG + 2 * (3 * forD - first) + 2 * forD;
}

/** The variables of both networks, the function of one step, its inputs, and their values at a step. */
function dcganStep(size, batch) {
  const { side, base, generator, lastFilter, isLeaky, discriminator } = size;
  const [ofG, ofD] = [new Map(), new Map()];
  const create = (list, shape, start) => {
    const initial = start ?? tf.tensor(normalValues(shape, 0.02), shape);
    const variable = tf.variable(initial);
    initial.dispose();
    list.set(variable.name, variable);
    return variable;
  };
  const weight = (list, ...shape) => create(list, shape);
  const bias = (list, channels) => create(list, [channels], tf.zeros([channels]));
  const norm = (list, channels) => [
    create(list, [channels], tf.ones([channels])),
    bias(list, channels),
  ];

  const dense = weight(ofG, LATENT, base ** 2 * generator[0]);
  const denseNorm = norm(ofG, generator[0]);
  const blocks = generator.slice(1).map((channels, i) => ({
    channels,
    filter: weight(ofG, 4, 4, channels, generator[i]),
    norm: norm(ofG, channels),
  }));
  const last = [weight(ofG, lastFilter, lastFilter, generator.at(-1), 3), bias(ofG, 3)];
  const layers = discriminator.map(([from, to, stride, hasNorm]) => ({
    stride,
    filter: weight(ofD, 5, 5, from, to),
    norm: hasNorm ? norm(ofD, to) : undefined,
    bias: hasNorm ? undefined : bias(ofD, to),
  }));
  const lastSide = discriminator.reduce((height, [, , stride]) => height / stride, side);
  const features = lastSide ** 2 * discriminator.at(-1)[1];
  const logit = [weight(ofD, features, 1), bias(ofD, 1)];

  const generate = (z) => {
    let x = tf.reshape(tf.matMul(z, dense), [batch, base, base, generator[0]]);
    x = tf.relu(batchNorm(x, ...denseNorm));
    blocks.forEach(({ channels, filter, norm }, i) => {
      const height = base * 2 ** (i + 1);
      x = tf.conv2dTranspose(x, filter, [batch, height, height, channels], 2, 'same');
      x = batchNorm(x, ...norm);
      x = isLeaky ? tf.leakyRelu(x, 0.2) : tf.relu(x);
    });
    return tf.tanh(tf.add(tf.conv2d(x, last[0], 1, 'same'), last[1]));
  };
  const judge = (images, noise) => {
    let x = noise ? tf.add(images, noise) : images;
    for (const { filter, stride, norm, bias } of layers) {
      x = tf.conv2d(x, filter, stride, 'same');
      x = tf.leakyRelu(norm ? batchNorm(x, ...norm) : tf.add(x, bias), 0.2);
    }
    return tf.add(tf.matMul(tf.reshape(x, [batch, features]), logit[0]), logit[1]);
  };
  const [momentsG, momentsD] = [ofG, ofD].map((parameters) => ({
    first: zerosLike(parameters),
    second: zerosLike(parameters),
  }));

  const step = (real, z1, z2, stepSizeD, stepSizeG, ...noise) => {
    const fake = generate(z1);
    const d = tf.variableGrads(
      () =>
        tf.add(
          tf.mean(tf.softplus(tf.neg(judge(real, noise[0])))),
          tf.mean(tf.softplus(judge(fake, noise[1]))),
        ),
      [...ofD.values()],
    );
    adamUpdate(ofD, momentsD, d.grads, stepSizeD);
    const g = tf.variableGrads(
      () => tf.mean(tf.softplus(tf.neg(judge(generate(z2), noise[2])))),
      [...ofG.values()],
    );
    adamUpdate(ofG, momentsG, g.grads, stepSizeG);
    return [d.value, g.value];
  };
  const image = [batch, side, side, 3];
  const inputs = [
    { name: 'real', shape: image },
    { name: 'z1', shape: [batch, LATENT] },
    { name: 'z2', shape: [batch, LATENT] },
    { name: 'stepSizeD', shape: [] },
    { name: 'stepSizeG', shape: [] },
    ...(size.noise ? ['real', 'fake', 'judged'] : []).map((name) => ({
      name: `${name}Noise`,
      shape: image,
    })),
  ];
  const groups = [ofG, ofD, momentsG.first, momentsG.second, momentsD.first, momentsD.second];
  return {
    step,
    inputs,
    variables: groups.flatMap((group) => [...group.values()]),
    valuesAt: (count) =>
      inputs.map(({ name, shape }) => {
        if (name === 'stepSizeD') return Float32Array.of(adamStepSize(5e-5, count));
        if (name === 'stepSizeG') return Float32Array.of(adamStepSize(2e-4, count));
        return normalValues(shape, name.endsWith('Noise') ? size.noise : name === 'real' ? 0.5 : 1);
      }),
  };
}

/** Training of a plain DCGAN on noise for images. */
export async function openDcgan(engine, size, batch) {
  await engine.activate();
  const { step, inputs, variables, valuesAt } = dcganStep(size, batch);
  const start = performance.now();
  const compiled = await engine.compile(step, { inputs, variables });
  const compileSeconds = (performance.now() - start) / 1000;
  let count = 0;
  const next = () => compiled.run(...valuesAt(++count));
  return { next, images: batch, flops: flopsPerImage(size), compileSeconds };
}
