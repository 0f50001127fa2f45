import { openEngine, type Engine } from '@evenset/gan-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLabelGate } from '../src/stages/open-label-gate.js';
import type { Input } from '../src/stages/read-input.js';

const BYTES = 64;
let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnx', { threads: 2 });
});
afterAll(() => engine.dispose());

/** Images of one grey level each. */
const grey = (levels: ArrayLike<number>) =>
  Uint8Array.from(
    { length: levels.length * BYTES },
    (_, at) => levels[Math.floor(at / BYTES)] ?? 0,
  );

/** Images by their position, half of them train images, and the most that are read at a time. */
function inputOf(count: number, classes: number, labelOf: (position: number) => number) {
  const positions = Int32Array.from({ length: count }, (_, i) => i);
  const asked = { most: 0 };
  const input = {
    manifest: { classes: Array.from({ length: classes }, (_, label) => String(label)) },
    pixels: {
      size: 8,
      channels: 1,
      labels: positions.map(labelOf),
      read(wanted: ArrayLike<number>) {
        asked.most = Math.max(asked.most, wanted.length);
        const levels = Array.from(wanted, (position) => levelOf(position / count));
        return Promise.resolve(grey(levels));
      },
    },
    split: {
      train: positions.filter((position) => position % 4 > 1),
      select: positions.filter((position) => position % 4 === 0),
      calibrate: positions.filter((position) => position % 4 === 1),
    },
  } as unknown as Input;
  return { input, asked };
}

const levels = [20, 220, 120];
/** The first third of a data set is dark, the second one bright, the last one in between. */
const levelOf = (part: number) => levels[Math.floor(3 * part)] ?? 0;

it('learns all that a class is, not only what comes first', async () => {
  const { input, asked } = inputOf(12_000, 2, (position) => (position < 8000 ? 0 : 1));
  const { labels } = await openLabelGate(input, engine, 3);
  const { probabilities } = (await labels?.classifier.classify(grey(levels))) ?? {};
  expect(Array.from(probabilities ?? [], Math.round)).toEqual([1, 0, 1, 0, 0, 1]);
  expect(asked.most).toBe(4000);
  await labels?.classifier.dispose();
});

it('reads no more images of many classes at a time than it needs', async () => {
  const { input, asked } = inputOf(120_000, 30, (position) => position % 30);
  const { labels } = await openLabelGate(input, engine, 3);
  expect(asked.most).toBeGreaterThan(15_000);
  expect(asked.most).toBeLessThanOrEqual(20_000);
  await labels?.classifier.dispose();
});
