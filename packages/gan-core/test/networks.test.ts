import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolutionalWidths } from '../src/models/convolutional-plan.js';
import { convolutionalGenerator } from '../src/networks/convolutional-generator.js';
import { createParameters, get } from '../src/networks/parameters.js';
import { projectionDiscriminator } from '../src/networks/projection-discriminator.js';
import { spectralNorm } from '../src/networks/spectral-norm.js';
import { randomStream } from '../src/random-stream.js';
import { averageDecay } from '../src/training/moving-average.js';
import { classBalance, drawClass } from '../src/training/class-balance.js';
import { augmentInputs, diffAugment } from '../src/training/diff-augment.js';
import type { StepInput } from '../src/training/training-step.js';
import { tinyConfig } from './tiny-model.js';
import { normal } from './normal.js';

beforeAll(async () => {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
});

describe('spectralNorm', () => {
  it('brings the largest singular value to 1', () => {
    const weight = normal(1, 3, 3, 4, 6);
    let vector: tf.Tensor = normal(2, 1, 6);
    for (let i = 0; i < 60; i++) ({ vector } = spectralNorm(weight, vector));
    const matrix = tf.reshape(spectralNorm(weight, vector).weight, [36, 6]);
    // The largest eigenvalue of W^T W by plain power iteration.
    let x: tf.Tensor = normal(3, 6, 1);
    const gram = tf.matMul(matrix, matrix, true);
    for (let i = 0; i < 200; i++) x = tf.div(tf.matMul(gram, x), tf.norm(tf.matMul(gram, x)));
    expect(tf.norm(tf.matMul(gram, x)).dataSync()[0]).toBeCloseTo(1, 3);
  });

  it('lets no gradient through that only scales the weight', () => {
    const vector = normal(5, 1, 3);
    const loss = (w: tf.Tensor) =>
      tf.sum<tf.Scalar>(tf.square(tf.sin(spectralNorm(w, vector).weight)));
    const weight = normal(4, 4, 3);
    const gradient = tf.grad(loss)(weight).dataSync();
    const norm = tf.norm(weight).dataSync()[0] ?? 1;
    // Scaling a weight changes nothing after the division: the gradient is orthogonal to it.
    const along = tf.sum(tf.mul(tf.tensor(gradient, [4, 3]), weight)).dataSync()[0] ?? NaN;
    expect(Math.abs(along) / norm).toBeLessThan(1e-5);
  });
});

describe('projectionDiscriminator', () => {
  /** Logits of two images, with all weights of the first block as they start or doubled. */
  const logitsOf = (discriminatorNorm: 'spectral' | 'none', factor: number) => {
    const network = projectionDiscriminator({ ...tinyConfig, discriminatorNorm });
    const weights = createParameters(network.specs, 1, 'discriminator');
    const buffers = createParameters(network.bufferSpecs, 1, 'buffers');
    const filter = get(weights, 'block0/filter');
    filter.assign(tf.mul(filter, factor));
    const { size, channels, classes } = tinyConfig;
    const oneHot = tf.oneHot(tf.tensor1d([0, 1], 'int32'), classes);
    const images = normal(6, 2, size, size, channels);
    return tf.mul(network.judge({ weights, buffers }, images, oneHot), 1).dataSync();
  };

  it('gives the same logits whatever the scale of a weight, unless spectral norm is left out', () => {
    const growth = (norm: 'spectral' | 'none') =>
      (logitsOf(norm, 2)[0] ?? NaN) / (logitsOf(norm, 1)[0] ?? NaN);
    expect(growth('spectral')).toBeCloseTo(1, 5);
    // Biases start at 0, and leaky ReLU takes a factor through.
    expect(growth('none')).toBeCloseTo(2, 4);
  });

  it('carries no vectors of a power iteration on without spectral norm', () => {
    const { bufferSpecs } = projectionDiscriminator({ ...tinyConfig, discriminatorNorm: 'none' });
    expect(bufferSpecs.size).toBe(0);
  });
});

/** The parameters of an augmentation, drawn as in a step. */
function drawn(inputs: readonly StepInput[], seed: number): Map<string, tf.Tensor> {
  const batch = {
    step: 1,
    images: 2,
    progress: 0,
    rateScale: 1,
    pixels: new Uint8Array(0),
    labels: [],
    generatedLabels: [],
    random: (purpose: string) => randomStream(seed, purpose),
  };
  return new Map(
    inputs.map((input) => [input.name, tf.tensor(input.draw(batch), [...input.shape])]),
  );
}

describe('diffAugment', () => {
  it('adds Gaussian noise of a standard deviation after everything else', () => {
    const policy = { shift: 1 / 8, cutout: 1 / 2, colour: false, noise: 0.3 };
    const inputs = augmentInputs(policy, 2, { size: 32, channels: 1 });
    const parameters = drawn(inputs, 5);
    const images = normal(4, 2, 32, 32, 1);
    const clean = new Map([...parameters].filter(([name]) => name !== 'inputNoise'));
    const noise = tf.sub(diffAugment(images, parameters), diffAugment(images, clean));
    expect(tf.moments(noise).mean.dataSync()[0]).toBeCloseTo(0, 1);
    expect(Math.sqrt(tf.moments(noise).variance.dataSync()[0] ?? NaN)).toBeCloseTo(0.3, 1);
  });

  const inputs = augmentInputs({ shift: 1 / 8, cutout: 1 / 2, colour: true, noise: 0 }, 2, {
    size: 8,
    channels: 3,
  });
  it('has the gradient that finite differences show', () => {
    const parameters = drawn(inputs, 9);
    const weights = normal(6, 2, 8, 8, 3);
    const loss = (x: tf.Tensor) => tf.sum<tf.Scalar>(tf.mul(weights, diffAugment(x, parameters)));
    const x = normal(7, 2, 8, 8, 3);
    const gradient = tf.grad(loss)(x).dataSync();
    const direction = normal(8, 2, 8, 8, 3);
    // It is linear in the image, so a large difference is exact.
    const change = tf.sub(loss(tf.add(x, direction)), loss(x)).dataSync()[0] ?? NaN;
    const predicted = tf.sum(tf.mul(tf.tensor(gradient, x.shape), direction)).dataSync()[0] ?? NaN;
    expect(Math.abs(change - predicted)).toBeLessThan(1e-3 * Math.max(1, Math.abs(change)));
  });

  it('moves images by whole pixels and cuts a square out', () => {
    const inputs = augmentInputs({ shift: 1 / 8, cutout: 1 / 2, colour: false, noise: 0 }, 1, {
      size: 8,
      channels: 1,
    });
    const shiftDown = new Float32Array(64);
    for (let y = 1; y < 8; y++) shiftDown[y * 8 + y - 1] = 1;
    const same = Float32Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0));
    const image = tf.reshape(tf.range(1, 65), [1, 8, 8, 1]);
    const moved = diffAugment(
      image,
      new Map<string, tf.Tensor>([
        ['rows', tf.tensor(shiftDown, [1, 8, 8])],
        ['columns', tf.tensor(same, [1, 8, 8])],
      ]),
    ).dataSync();
    expect([...moved.slice(0, 10)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    const cut = drawn(inputs, 1).get('mask')?.dataSync() ?? new Float32Array(0);
    const zeros = cut.filter((value) => value === 0).length;
    expect(zeros).toBeGreaterThan(0);
    expect(zeros).toBeLessThanOrEqual(16);
  });
});

describe('class balance', () => {
  const labels = Int32Array.from([
    ...new Array<number>(100).fill(0),
    ...new Array<number>(25).fill(2),
  ]);
  const positions = Int32Array.from(labels.keys());

  it('draws classes in proportion to the root of their size, empty ones never', () => {
    const balance = classBalance(labels, positions, 3, 0.5);
    const random = randomStream(1, 'draw');
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) {
      const label = drawClass(balance.shares, random.uniform());
      counts[label] = (counts[label] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    expect((counts[0] ?? 0) / (counts[2] ?? 1)).toBeCloseTo(2, 0);
  });

  it('draws classes alike with an exponent of 0, and like the set with 1', () => {
    expect(classBalance(labels, positions, 3, 0).shares).toEqual([0.5, 0, 0.5]);
    const sizes = [0, 1, 2].map((label) => labels.filter((own) => own === label).length);
    expect(classBalance(labels, positions, 3, 1).shares).toEqual(
      sizes.map((size) => size / labels.length),
    );
  });
});

describe('convolutionalGenerator', () => {
  const shape = { ...tinyConfig, generatorWidths: [8, 8, 4] };
  const build = (conditionalFrom: number | undefined) =>
    convolutionalGenerator({ ...shape, conditionalFrom });
  const conditionalBlocks = (conditionalFrom: number | undefined) =>
    [0, 1, 2].filter((i) => build(conditionalFrom).specs.has(`block${i}/norm/gainOfClass`));

  it('lets the class into the batch norm of the larger maps only, where that is asked for', () => {
    expect(conditionalBlocks(undefined)).toEqual([0, 1, 2]);
    expect(conditionalBlocks(4)).toEqual([0, 1, 2]);
    expect(conditionalBlocks(16)).toEqual([2]);
    const z = normal(3, 2, 4);
    // Classes 0 and 1 of the same noise differ where one block knows them, and not where none does.
    const differenceOf = (conditionalFrom: number) => {
      const generator = build(conditionalFrom);
      const parameters = createParameters(generator.specs, 1, 'generator');
      const of = (label: number) =>
        generator.generate(parameters, z, tf.oneHot([label, label], 2, 1, 0, 'float32'));
      return tf.max(tf.abs(tf.sub(of(0), of(1)))).dataSync()[0];
    };
    expect(differenceOf(16)).toBeGreaterThan(0);
    expect(differenceOf(32)).toBe(0);
  });
});

describe('presets', () => {
  it('adds and drops blocks with the image size', () => {
    const widths = [16, 32, 64].map((size) => convolutionalWidths(size, 'tiny32').generatorWidths);
    expect(widths).toEqual([
      [128, 64, 32],
      [128, 64, 32, 16],
      [128, 64, 32, 16, 16],
    ]);
    expect(() => convolutionalWidths(20, 'tiny32')).toThrow(/received 20/);
  });

  it('lengthens the moving average with the run, up to 10,000 images', () => {
    expect(averageDecay(64, 64, 10_000)).toBeLessThan(1e-5);
    expect(averageDecay(1e9, 10_000, 10_000)).toBeCloseTo(0.5, 6);
  });

  it('does without an average with a half-life of 0', () => {
    expect(averageDecay(1e9, 64, 0)).toBe(0);
  });
});
