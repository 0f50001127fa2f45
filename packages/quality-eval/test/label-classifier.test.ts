import { openOnnxEngine, type OnnxEngine } from '@evenset/tfjs-onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrateLabels, trainLabelClassifier, type LabelledImages } from '../src/index.js';

const shape = { size: 8, channels: 1, classes: 3 };
const bytes = 64;

/** Bright bars on noise: upright of class 0, lying of class 1; none of class 2. */
function bars(count: number, seed: number): LabelledImages {
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const images = new Uint8Array(count * bytes);
  labels.forEach((label, i) => {
    const place = 1 + ((i * 7 + seed) % 6);
    for (let at = 0; at < bytes; at++) {
      const [y, x] = [Math.floor(at / 8), at % 8];
      const noise = 30 * Math.abs(Math.sin(seed + i * 13 + at * 5));
      images[i * bytes + at] = ((label === 0 ? x : y) === place ? 180 : 20) + noise;
    }
  });
  return { images, labels };
}

let engine: OnnxEngine;
beforeAll(async () => {
  engine = await openOnnxEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const train = bars(100, 1);
const select = bars(30, 2);

describe('trainLabelClassifier', () => {
  it('tells classes, the same way for the same seed, each image by itself', async () => {
    const one = await trainLabelClassifier(engine, shape, { train, select }, 5);
    const two = await trainLabelClassifier(engine, shape, { train, select }, 5);
    expect(one.recall).toBeGreaterThan(0.9);
    const fresh = bars(80, 3);
    const told = await one.classify(fresh.images);
    expect(await two.classify(fresh.images)).toEqual(told);
    const right = [...fresh.labels].filter((label, i) => {
      const own = told.probabilities.subarray(3 * i, 3 * i + 3);
      return own.every((p) => p <= (own[label] ?? 0));
    });
    expect(right.length).toBeGreaterThan(70);
    expect(told.probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
    const last = await one.classify(fresh.images.subarray(79 * bytes));
    expect([...last.probabilities]).toEqual([...told.probabilities.subarray(79 * 3)]);
    expect(await one.extractor.extract(fresh.images)).toEqual(told.features);
    await one.dispose();
    await two.dispose();
  });

  it('sees every class, also of more classes than a step has images', async () => {
    const many = { size: 8, channels: 3, classes: 70 };
    const labels = Int32Array.from({ length: 70 }, (_, label) => label);
    const images = Uint8Array.from({ length: 70 * bytes * 3 }, (_, at) => {
      const label = Math.floor(at / (bytes * 3));
      const levels = [label % 5, Math.floor(label / 5) % 5, Math.floor(label / 25)];
      return 20 + 50 * (levels[at % 3] ?? 0);
    });
    const colours = { images, labels };
    const classifier = await trainLabelClassifier(
      engine,
      many,
      { train: colours, select: colours },
      5,
    );
    const { probabilities } = await classifier.classify(images);
    const right = [...labels].filter((label) => {
      const own = probabilities.subarray(70 * label, 70 * (label + 1));
      return own.every((p) => p <= (own[label] ?? 0));
    });
    expect(right.filter((label) => label >= 64).length).toBeGreaterThan(3);
    await classifier.dispose();
  });

  it('trains for a fixed time where nothing is held out to tell when to stop', async () => {
    const none = { images: new Uint8Array(0), labels: new Int32Array(0) };
    const blind = await trainLabelClassifier(engine, shape, { train, select: none }, 5);
    expect(blind).toMatchObject({ recall: undefined, steps: 200 });
    expect((await blind.classify(none.images)).probabilities).toHaveLength(0);
    await blind.dispose();
  });
});

describe('calibrateLabels', () => {
  it('accepts the most probable class, and what is as probable as nine in ten held-out images', () => {
    const heldOut = Float32Array.from({ length: 22 }, (_, at) =>
      at % 2 === 0 ? at / 20 : 1 - (at - 1) / 20,
    );
    const gate = calibrateLabels(heldOut, new Int32Array(11), 2);
    expect(gate.agrees(0, Float32Array.of(0.5, 0.5))).toBe(true);
    expect(gate.agrees(0, Float32Array.of(0.101, 0.899))).toBe(true);
    expect(gate.agrees(0, Float32Array.of(0.099, 0.901))).toBe(false);
    // Without held-out images only the most probable class counts.
    expect(gate.agrees(1, Float32Array.of(0.6, 0.4))).toBe(false);
    expect(gate.agrees(1, Float32Array.of(0.4, 0.6))).toBe(true);
  });
});
