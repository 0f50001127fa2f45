import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { measuredCode } from '../src/training/measured-code.js';
import { variationalCode } from '../src/training/variational-code.js';

beforeAll(() => tf.setBackend('cpu'));

describe('variationalCode', () => {
  const code = variationalCode({ size: 4, channels: 1, latentDim: 1 });

  /** KL(N(mean, e^logVariance) || N(0, 1)) by summing p log (p / q) over a grid. */
  function divergence(mean: number, logVariance: number): number {
    const sd = Math.exp(logVariance / 2);
    const width = 0.001;
    let sum = 0;
    for (let x = mean - 10 * sd; x < mean + 10 * sd; x += width) {
      const logP = -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd);
      sum += (Math.exp(logP) / Math.sqrt(2 * Math.PI)) * (logP + 0.5 * x * x) * width;
    }
    return sum;
  }

  it('penalises the divergence from N(0, 1), averaged over images', () => {
    const rows: [number, number][] = [
      [0, 0],
      [1.5, -1],
      [-0.3, 0.8],
    ];
    const expected = rows.reduce((sum, row) => sum + divergence(row[0], row[1]) / rows.length, 0);
    const received = code.penalty?.of(tf.tensor2d(rows)).dataSync()[0];
    expect(received).toBeCloseTo(expected, 4);
  });

  it('draws codes of the mean and variance that the encoder says', () => {
    const encoded = tf.tensor2d([[3, Math.log(0.25)]]);
    const noise = tf.tensor2d([[2]]);
    expect(code.codes(encoded, () => noise).dataSync()[0]).toBeCloseTo(3 + 0.5 * 2, 5);
  });
});

describe('measuredCode', () => {
  const code = measuredCode({ latentDim: 2 });
  const encoded = tf.tensor2d([
    [1, 10],
    [3, 30],
  ]);
  const buffers = () =>
    new Map([
      ['codes/mean', tf.variable(tf.tensor1d([0, 0]))],
      ['codes/variance', tf.variable(tf.tensor1d([1, 1]))],
    ]);

  it('measures mean and variance of the codes', () => {
    const next = code.nextBuffers(buffers(), encoded, () => tf.scalar(0));
    expect([...(next.get('codes/mean')?.dataSync() ?? [])]).toEqual([2, 20]);
    expect([...(next.get('codes/variance')?.dataSync() ?? [])]).toEqual([1, 100]);
  });

  it('makes codes of that distribution out of noise', () => {
    const known = buffers();
    for (const [name, value] of code.nextBuffers(known, encoded, () => tf.scalar(0)))
      known.get(name)?.assign(value as tf.Tensor1D);
    const drawn = code.latent?.(known, tf.tensor2d([[1, -2]])).dataSync();
    expect([...(drawn ?? [])]).toEqual([3, 0]);
  });
});
