import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createParameters } from '../src/networks/parameters.js';
import { randomStream } from '../src/random-stream.js';
import { anchorSpecs, lecam, lecamInputs, updateAnchors } from '../src/training/lecam.js';

beforeAll(async () => {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
});

const column = (...values: number[]) => tf.tensor(values, [values.length, 1]);
const valueOf = (x: tf.Tensor | undefined) => x?.dataSync()[0];

describe('lecam', () => {
  const anchors = { real: tf.scalar(1.5), generated: tf.scalar(-0.5) };

  it("is zero where each side's logits are at the other's anchor", () => {
    const logits = { real: column(-0.5, -0.5), generated: column(1.5, 1.5) };
    expect(valueOf(lecam(logits, anchors))).toBe(0);
  });

  it('is the sum of mean squared distances', () => {
    const logits = { real: column(0.5, 2.5), generated: column(-0.5, -1.5) };
    expect(valueOf(lecam(logits, anchors))).toBeCloseTo((1 + 9) / 2 + (4 + 9) / 2, 5);
  });
});

describe('lecamInputs', () => {
  const valuesAt = (step: number, progress: number) =>
    lecamInputs(0.3).map((input) => {
      const [value] = input.draw({
        step,
        progress,
        rateScale: 1,
        images: 8 * step,
        pixels: new Uint8Array(0),
        labels: [],
        generatedLabels: [],
        random: randomStream.bind(undefined, 0),
      });
      return value;
    });

  it('turn it on after a tenth of the run, and never before step 100', () => {
    const [off, on] = [
      [0, 0],
      [Math.fround(0.3), Math.fround(0.99)],
    ];
    expect(valuesAt(500, 0.09)).toEqual(off);
    expect(valuesAt(99, 0.5)).toEqual(off);
    expect(valuesAt(100, 0.1)).toEqual(on);
    expect(valuesAt(5000, 1)).toEqual(on);
    // While a time budget has not been converted.
    expect(valuesAt(200, 0)).toEqual(off);
  });
});

describe('updateAnchors', () => {
  it('follows the batch until the regulariser starts, then moves by a hundredth', () => {
    const buffers = createParameters(anchorSpecs, 0, 'buffers');
    updateAnchors(buffers, { real: tf.scalar(2), generated: tf.scalar(-1) }, tf.scalar(0));
    expect(valueOf(buffers.get('anchorOfReal'))).toBe(2);
    expect(valueOf(buffers.get('anchorOfGenerated'))).toBe(-1);
    updateAnchors(buffers, { real: tf.scalar(3), generated: tf.scalar(-1) }, tf.scalar(0.99));
    expect(valueOf(buffers.get('anchorOfReal'))).toBeCloseTo(2.01, 5);
    expect(valueOf(buffers.get('anchorOfGenerated'))).toBeCloseTo(-1, 5);
  });
});
