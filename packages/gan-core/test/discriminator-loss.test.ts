import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createParameters } from '../src/networks/parameters.js';
import { discriminatorLoss } from '../src/training/discriminator-loss.js';
import { anchorSpecs, updateAnchors } from '../src/training/lecam.js';
import type { Recipe } from '../src/training/recipe.js';
import { tinyRecipe } from './tiny-model.js';

beforeAll(async () => {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
});

/** The loss of two real images of logits 3 and 1 and two generated ones of -4 and 0, which 2 x 2 pixels times 1, -2, 0, 2 give. */
function lossWith(recipe: Partial<Recipe>): number {
  const images = tf.tensor([3, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 5, 0], [4, 2, 2, 1]);
  const weight = tf.tensor([1, -2, 0, 2], [4, 1]);
  const buffers = createParameters(anchorSpecs, 0, 'buffers');
  updateAnchors(buffers, { real: tf.scalar(1), generated: tf.scalar(-1) }, tf.scalar(0));
  const { value, logits } = discriminatorLoss(
    { ...tinyRecipe, loss: 'hinge', ...recipe },
    {
      judge: (x) => tf.matMul(tf.reshape(x, [4, 4]), weight),
      images,
      buffers,
      input: () => tf.scalar(recipe.lecam ?? 0),
    },
  );
  expect([...logits.dataSync()]).toEqual([3, 1, -4, 0]);
  return value.dataSync()[0] ?? NaN;
}

describe('discriminatorLoss', () => {
  const plain = lossWith.bind(undefined, {});

  it('is the adversarial loss of real and generated halves', () => {
    // max(0, 1 - l) of 3 and 1, and max(0, 1 + l) of -4 and 0.
    expect(plain()).toBeCloseTo(0.5, 6);
  });

  it('adds half of gamma for the squared slope at real and at generated images each', () => {
    expect(lossWith({ gradientPenalty: 0.4 }) - plain()).toBeCloseTo(0.2 * (9 + 9), 5);
  });

  it("adds LeCam of each side and the other's anchor", () => {
    const distances = (4 ** 2 + 2 ** 2) / 2 + (5 ** 2 + 1) / 2;
    expect(lossWith({ lecam: 0.3 }) - plain()).toBeCloseTo(0.3 * distances, 5);
  });

  it("smooths the real images' labels only", () => {
    const [sharp, smooth] = [0, 0.1].map((labelSmoothing) =>
      lossWith({ loss: 'non-saturating', labelSmoothing }),
    );
    expect((smooth ?? NaN) - (sharp ?? NaN)).toBeCloseTo(0.1 * 2, 5);
  });
});
