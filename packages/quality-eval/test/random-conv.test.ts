import { expect, it } from 'vitest';
import { fitStandardisation, openRandomConvFeatures } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';
import { randomImages } from './images.js';

/** An image whose bytes are a function of their place: 16x16, channels equal. */
function gradient(channels: number): Uint8Array {
  return Uint8Array.from({ length: 256 * channels }, (_, at) => {
    const pixel = Math.floor(at / channels);
    return (pixel * 3 + Math.floor(pixel / 16) * 5) % 256;
  });
}

it('describes an image the same whatever else is in its batch', async () => {
  const extractor = await openRandomConvFeatures(eagerCompiler, { size: 8, channels: 3 });
  const images = randomImages(1, 70, 8 * 8 * 3);
  const all = await extractor.extract(images);
  const alone = await extractor.extract(images.subarray(65 * 192, 66 * 192));
  const { dimensions } = extractor;
  expect(alone).toEqual(all.subarray(65 * dimensions, 66 * dimensions));
  expect(alone).not.toEqual(all.subarray(0, dimensions));
});

it('sees grey images as colour images of that grey', async () => {
  const grey = await openRandomConvFeatures(eagerCompiler, { size: 16, channels: 1 });
  const colour = await openRandomConvFeatures(eagerCompiler, { size: 16, channels: 3 });
  expect(await grey.extract(gradient(1))).toEqual(await colour.extract(gradient(3)));
});

it('is randconv-v1 for good: its features of one image are written down', async () => {
  const extractor = await openRandomConvFeatures(eagerCompiler, { size: 16, channels: 1 });
  const features = await extractor.extract(gradient(1));
  expect([extractor.name, extractor.dimensions]).toEqual(['randconv-v1', 2880]);
  const probes = [0, 40, 500, 960, 1500, 2879].map((at) => features[at] ?? NaN);
  const written = [0.45641, 0.56446, 0.28539, 0.2716, 0.61326, 0.0001];
  written.forEach((value, i) => {
    expect(probes[i]).toBeCloseTo(value, 4);
  });
});

it('standardises features to mean 0 and deviation 1, constant ones to 0', () => {
  const standard = fitStandardisation(Float32Array.of(1, 5, 3, 5), 2);
  expect([...standard.apply(Float32Array.of(1, 5, 3, 5, 5, 7))]).toEqual([-1, 0, 1, 0, 3, 0]);
});
