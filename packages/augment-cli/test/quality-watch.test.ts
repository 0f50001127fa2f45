import {
  openEngine,
  type Checkpoint,
  type Engine,
  type ModelConfig,
  type Sampler,
} from '@evenset/gan-core';
import {
  imagesInMemory,
  openRandomConvFeatures,
  type FeatureExtractor,
} from '@evenset/quality-eval';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openQualityWatch } from '../src/stages/quality-watch.js';
import type { Input } from '../src/stages/read-input.js';

const BYTES = 256;
const COUNT = 1000;
let engine: Engine;
let extractor: FeatureExtractor;
beforeAll(async () => {
  engine = await openEngine('onnx', { threads: 2 });
  extractor = await openRandomConvFeatures(engine, { size: 16, channels: 1 });
});
afterAll(async () => {
  await extractor.dispose();
  await engine.dispose();
});

const modelWithoutClasses: ModelConfig = {
  model: 'vae',
  size: 16,
  channels: 1,
  classes: 2,
  latentDim: 4,
  embeddingDim: 0,
  perClass: false,
  generatorWidths: [8, 8, 4],
  discriminatorWidths: [8, 8],
};

/** Noise, dark or bright. */
function noise(count: number, seed: number, isBright: (image: number) => boolean): Uint8Array {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return Uint8Array.from(
    { length: count * BYTES },
    (_, at) => (isBright(Math.floor(at / BYTES)) ? 150 : 20) + 80 * random(),
  );
}

it('sees all classes of a sorted manifest where the model knows none', async () => {
  const isSecond = (image: number) => image >= COUNT / 2;
  const images = imagesInMemory(noise(COUNT, 1, isSecond), BYTES);
  const { positions } = images;
  const labels = positions.map((position) => (isSecond(position) ? 1 : 0));
  const input = {
    manifest: { classes: ['dark', 'bright'] },
    pixels: {
      size: 16,
      channels: 1,
      labels,
      read: (wanted: ArrayLike<number>) => images.read(wanted),
    },
    split: {
      train: positions.filter((position) => position % 3 === 0),
      select: positions.filter((position) => position % 3 > 0),
    },
  } as unknown as Input;
  const checkpoint = { config: modelWithoutClasses } as Checkpoint;
  const watch = await openQualityWatch(input, engine, checkpoint, extractor);
  const lookAt = async (isBright: (image: number) => boolean) => {
    const generate = (_: number, block: number) => Promise.resolve(noise(64, 9 + block, isBright));
    const look = await watch.look(checkpoint, { generate } as Sampler);
    return { kernelDistance: look.kernelDistance ?? NaN, diversity: look.diversity.all ?? NaN };
  };
  const both = await lookAt((image) => image % 2 === 0);
  const one = await lookAt(() => false);
  expect(both.kernelDistance).toBeLessThan(one.kernelDistance / 10);
  expect(both.diversity).toBeCloseTo(1, 1);
  expect(one.diversity).toBeLessThan(0.85);
  await watch.dispose();
});
