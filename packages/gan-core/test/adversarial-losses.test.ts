import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adversarialLosses,
  labelSmoothing,
  lossNames,
  type LossName,
} from '../src/training/adversarial-losses.js';

beforeAll(async () => {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
});

const column = (values: readonly number[]) => tf.tensor(values, [values.length, 1]);
const valueOf = (loss: tf.Tensor) => loss.dataSync()[0] ?? NaN;
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Both losses, from plain numbers. */
function both(name: LossName, real: readonly number[], generated: readonly number[]) {
  const { discriminator, generator } = adversarialLosses[name];
  return {
    discriminator: valueOf(discriminator(column(real), column(generated))),
    generator: valueOf(generator(column(generated), () => column(real))),
  };
}

/** The formulas as their papers write them, of probabilities D = sigmoid(logit) where those do. */
const papers: Record<LossName, (real: number[], generated: number[]) => [d: number, g: number]> = {
  'non-saturating': (real, generated) => [
    -mean(real.map((l) => Math.log(D(l)))) - mean(generated.map((l) => Math.log(1 - D(l)))),
    -mean(generated.map((l) => Math.log(D(l)))),
  ],
  minimax: (real, generated) => [
    -mean(real.map((l) => Math.log(D(l)))) - mean(generated.map((l) => Math.log(1 - D(l)))),
    mean(generated.map((l) => Math.log(1 - D(l)))),
  ],
  hinge: (real, generated) => [
    -mean(real.map((l) => Math.min(0, -1 + l))) - mean(generated.map((l) => Math.min(0, -1 - l))),
    -mean(generated),
  ],
  relativistic: (real, generated) => [
    -mean(real.map((l, i) => Math.log(D(l - (generated[i] ?? NaN))))),
    -mean(real.map((l, i) => Math.log(D((generated[i] ?? NaN) - l)))),
  ],
};
const D = (logit: number) => 1 / (1 + Math.exp(-logit));

describe('adversarialLosses', () => {
  it.each([
    ['non-saturating', 2 * Math.LN2, Math.LN2],
    ['minimax', 2 * Math.LN2, -Math.LN2],
    ['hinge', 2, 0],
    ['relativistic', Math.LN2, Math.LN2],
  ] as const)('%s is known where the discriminator cannot tell', (name, ofD, ofG) => {
    const { discriminator, generator } = both(name, [0, 0, 0], [0, 0, 0]);
    expect(discriminator).toBeCloseTo(ofD, 6);
    expect(generator).toBeCloseTo(ofG, 6);
  });

  it.each(lossNames)('%s is what its paper says', (name) => {
    const [real, generated] = [
      [2.5, -0.3, 0.8],
      [0.4, -3.1, 1.7],
    ];
    const [ofD, ofG] = papers[name](real, generated);
    const { discriminator, generator } = both(name, real, generated);
    expect(discriminator).toBeCloseTo(ofD, 5);
    expect(generator).toBeCloseTo(ofG, 5);
  });

  it.each(lossNames)('%s stays finite where probabilities are 0 and 1', (name) => {
    for (const [real, generated] of [
      [400, -400],
      [-400, 400],
    ] as const) {
      const { discriminator, generator } = both(name, [real], [generated]);
      expect(Math.abs(discriminator)).toBeLessThan(2000);
      expect(Math.abs(generator)).toBeLessThan(2000);
    }
  });

  it.each(lossNames)('%s has the gradients that differences show', (name) => {
    // No logit is near hinge's corners at 1 and -1.
    const [real, generated] = [
      [2.5, -0.3, 0.7],
      [0.4, -3.1, 1.7],
    ];
    const { discriminator, generator } = adversarialLosses[name];
    const gradients = {
      real: tf.grad((x: tf.Tensor) => discriminator(x, column(generated)))(column(real)),
      generated: tf.grad((x: tf.Tensor) => discriminator(column(real), x))(column(generated)),
      ofG: tf.grad((x: tf.Tensor) => generator(x, () => column(real)))(column(generated)),
    };
    const step = 1e-2;
    const moved = (values: number[], i: number, by: number) =>
      values.map((value, j) => (i === j ? value + by : value));
    for (let i = 0; i < 3; i++) {
      const slope = (at: (by: number) => number) => (at(step) - at(-step)) / (2 * step);
      const along = {
        real: slope((by) => papers[name](moved(real, i, by), generated)[0]),
        generated: slope((by) => papers[name](real, moved(generated, i, by))[0]),
        ofG: slope((by) => papers[name](real, moved(generated, i, by))[1]),
      };
      for (const part of ['real', 'generated', 'ofG'] as const) {
        expect(gradients[part].dataSync()[i], part).toBeCloseTo(along[part], 4);
      }
    }
  });

  it('asks for the real logits only where it compares with them', () => {
    for (const name of lossNames) {
      let asked = false;
      const real = () => {
        asked = true;
        return column([0]);
      };
      adversarialLosses[name].generator(column([0]), real);
      expect(asked, name).toBe(adversarialLosses[name].isPaired);
    }
  });
});

describe('labelSmoothing', () => {
  it('makes the cross entropy that against a smaller label', () => {
    const [real, generated, share] = [[2.5, -0.3, 0.8], [0.4, -3.1, 1.7], 0.1];
    const smoothed =
      both('non-saturating', real, generated).discriminator +
      valueOf(labelSmoothing(column(real), share));
    const crossEntropy = real.map(
      (l) => -(1 - share) * Math.log(D(l)) - share * Math.log(1 - D(l)),
    );
    const ofGenerated = generated.map((l) => -Math.log(1 - D(l)));
    expect(smoothed).toBeCloseTo(mean(crossEntropy) + mean(ofGenerated), 5);
  });
});
