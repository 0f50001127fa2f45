import * as tf from '@tensorflow/tfjs-core';
import { openOnnxEngine, type OnnxEngine } from '@evenset/tfjs-onnx';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractorOptions, openOnnxExtractor } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'extractor-'));
let engine: OnnxEngine;
beforeAll(async () => {
  engine = await openOnnxEngine({ threads: 1 });
});
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

/** Writes a model of images of a shape. */
async function model(
  name: string,
  shape: number[],
  step: (images: tf.Tensor) => tf.Tensor,
): Promise<string> {
  const compiled = await engine.compile((images) => [step(images)], {
    inputs: [{ name: 'images', shape }],
    variables: [],
  });
  const file = join(folder, name);
  await writeFile(file, await compiled.toOnnx());
  await compiled.dispose();
  return file;
}

const open = (
  file: string,
  {
    size = 8,
    channels = 3,
    ...more
  }: Record<string, unknown> & { size?: number; channels?: number } = {},
) =>
  openOnnxExtractor(extractorOptions.parse({ extractor: file, ...more }) as never, {
    size,
    channels,
  });

/** Images of one colour each. */
function plain(colours: number[][], size = 8): Uint8Array {
  return Uint8Array.from(
    colours.flatMap((colour) => Array.from({ length: size * size }, () => colour).flat()),
  );
}

describe('openOnnxExtractor', () => {
  it('describes images by a model that has the channels first', async () => {
    const file = await model('mean.onnx', [4, 3, 8, 8], (x) => tf.mean(x, [2, 3]));
    const extractor = await open(file, { extractorNormalisation: 'bytes' });
    expect(extractor.dimensions).toBe(3);
    const colours = Array.from({ length: 6 }, (_, i) => [10 * i, 20 * i, 30 * i]);
    const features = await extractor.extract(plain(colours));
    features.forEach((value, at) => {
      expect(value).toBeCloseTo(colours.flat()[at] ?? NaN, 3);
    });
    await extractor.dispose();
  });

  it('resizes, normalises, and turns grey into colours and colours into grey', async () => {
    const last = await model('last.onnx', [2, 4, 4, 3], (x) => tf.mean(x, [1, 2]));
    const coloured = await open(last, { channels: 1, extractorLayout: 'nhwc' });
    const [red, green, blue] = await coloured.extract(plain([[51]]));
    expect(red).toBeCloseTo((0.2 - 0.485) / 0.229, 4);
    expect(green).toBeCloseTo((0.2 - 0.456) / 0.224, 4);
    expect(blue).toBeCloseTo((0.2 - 0.406) / 0.225, 4);
    const grey = await model('grey.onnx', [2, 1, 16, 16], (x) => tf.mean(x, [2, 3]));
    const brightness = await open(grey, { extractorNormalisation: 'symmetric' });
    expect((await brightness.extract(plain([[255, 0, 0]])))[0]).toBeCloseTo(2 * 0.299 - 1, 4);
  });

  it('takes the first of several tokens', async () => {
    const file = await model('tokens.onnx', [2, 3, 8, 8], (x) => tf.mean(x, 3));
    const extractor = await open(file);
    expect(extractor.dimensions).toBe(8);
  });

  it.each<[string, number[], (x: tf.Tensor) => tf.Tensor, object, RegExp]>([
    [
      'another layout',
      [2, 8, 8, 3],
      (x) => tf.mean(x, [1, 2]),
      {},
      /takes \[2, 8, 8, 3\]; expected \[images, 1 or 3, side, side\] with --extractor-layout nchw/,
    ],
    [
      'another size',
      [2, 3, 8, 8],
      (x) => tf.mean(x, [2, 3]),
      { extractorSize: 16 },
      /but --extractor-size is 16/,
    ],
    ['an oblong input', [2, 3, 8, 4], (x) => tf.mean(x, [2, 3]), {}, /expected a square input/],
    [
      'no such output',
      [2, 3, 8, 8],
      (x) => tf.mean(x, [2, 3]),
      { output: ':pooled' },
      /has no output "pooled". Outputs: /,
    ],
    ['no row for each image', [2, 3, 8, 8], (x) => tf.mean(x), {}, /gives \[\] for 2 images/],
    [
      'no numbers',
      [2, 3, 8, 8],
      (x) => tf.log(tf.sub(tf.mean(x, [2, 3]), 100)),
      {},
      /gives values that are no finite numbers in its output/,
    ],
    [
      'infinite numbers',
      [2, 3, 8, 8],
      (x) => tf.div(1, tf.mul(tf.mean(x, [2, 3]), 0)),
      {},
      /gives values that are no finite numbers/,
    ],
  ])('refuses a model with %s before it is used', async (name, shape, step, given, message) => {
    const file = await model(`${name}.onnx`, shape, step);
    const { output = '', ...more } = given as { output?: string };
    await expect(open(`${file}${output}`, more)).rejects.toThrow(message);
  });

  it('refuses what is no model, or not there', async () => {
    const file = join(folder, 'text.onnx');
    await writeFile(file, 'no model');
    await expect(open(file)).rejects.toThrow(
      /text\.onnx \(--extractor\) is no ONNX model that can be run/,
    );
    await expect(open(join(folder, 'none.onnx'))).rejects.toThrow(
      /none\.onnx \(--extractor\) is not there/,
    );
  });
});
