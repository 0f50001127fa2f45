import { trainingOptions } from '@evenset/gan-core';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../src/errors.js';
import { assertModelExists, assertModelsExist } from '../src/stages/assert-model-fits.js';

const classes = ['bag', 'shirt'];
type Given = Partial<Parameters<typeof assertModelExists>[0]>;
const options = (given: Given) => ({ ...trainingOptions.parse({}), size: 32, ...given });
const flagsOf = (given: Given) => ({ flags: new Set(Object.keys(given)) });

describe('assertModelExists', () => {
  it.each<[Given, RegExp]>([
    [{ loss: 'hinge', labelSmoothing: 0.1 }, /--label-smoothing 0\.1 needs --loss .*hinge/],
    [{ model: 'seed64', gradientPenalty: 1 }, /--gradient-penalty 1 needs .* received seed64/],
    [{ model: 'vae', loss: 'hinge' }, /no --loss with --model vae but received "hinge"/],
    [{ model: 'vae', gradientPenalty: 1 }, /no --gradient-penalty with --model vae/],
    [{ model: 'autoencoder', inputNoise: 0.1 }, /no --input-noise with --model autoencoder/],
    [{ model: 'autoencoder', diffAugment: 'gentle' }, /no --diff-augment .* received "gentle"/],
    [{ model: 'autoencoder', labelSmoothing: 0.1 }, /no --label-smoothing/],
    [{ model: 'vae', lecam: 0.3 }, /no --lecam with --model vae but received 0\.3/],
    [{ model: 'gan', conditionalFrom: 16 }, /no --conditional-from with --model gan/],
  ])('refuses %j', (given, message) => {
    expect(() => assertModelExists(options(given), classes, flagsOf(given))).toThrow(UsageError);
    expect(() => assertModelExists(options(given), classes, flagsOf(given))).toThrow(message);
  });

  it.each<Given>([
    { loss: 'hinge', lecam: 0.3, gradientPenalty: 1, conditionalFrom: 16 },
    { model: 'gan', loss: 'relativistic', gradientPenalty: 0.05, diffAugment: 'strong' },
    { model: 'seed64', labelSmoothing: 0.1, inputNoise: 0 },
    { model: 'vae', emaKimg: 0, batchSize: 8, learningRateG: 1e-3 },
  ])('accepts %j', (given) => {
    expect(assertModelExists(options(given), classes, flagsOf(given)).classes).toBe(2);
  });
});

describe('assertModelsExist', () => {
  it('accepts an option that one of the models uses', () => {
    const accept = (given: Given, models: ('vae' | 'gan' | 'cdcgan')[]) => {
      assertModelsExist(options(given), models, classes, flagsOf(given));
    };
    accept({ loss: 'hinge', lecam: 0.3 }, ['vae', 'cdcgan']);
    accept({ conditionalFrom: 16 }, ['gan', 'cdcgan']);
    accept({ preset: 'base32' }, ['gan', 'cdcgan']);
  });

  it.each<[Given, ('vae' | 'autoencoder' | 'seed64' | 'cdcgan')[], RegExp]>([
    [{ lecam: 0.3 }, ['vae', 'autoencoder'], /no --lecam with --models vae,autoencoder/],
    [{ preset: 'base32' }, ['seed64'], /no --preset with --model seed64/],
    [{ gradientPenalty: 5 }, ['cdcgan', 'seed64'], /--gradient-penalty 5 .* received seed64/],
  ])('refuses %j for %j', (given, models, message) => {
    expect(() => {
      assertModelsExist(options(given), models, classes, flagsOf(given));
    }).toThrow(message);
  });
});
