import * as tf from '@tensorflow/tfjs-core';
import { toUnitFloats } from '../pixels.js';
import type { StepCompiler } from '../step-compiler.js';
import type { FeatureExtractor } from './feature-extractor.js';
import { normalDeviates } from './normal-deviates.js';

/** Weights never change under this name. */
const NAME = 'randconv-v1';
/** Channels of the layers; three nets see every image, and what one misses another may not. */
const WIDTHS = [3, 32, 64, 128, 256];
const NETS = 3;
/** Mean and standard deviation of every channel of every layer. */
const DIMENSIONS = NETS * 2 * WIDTHS.slice(1).reduce((sum, width) => sum + width, 0);
/** Images per run. */
const BLOCK = 64;
/** Keeps the root of a zero variance differentiable and finite. */
const EPSILON = 1e-8;

/**
 * Opens the extractor for sets without pretrained features: fixed random 3x3 stride-2 convolutions (He
 * initialisation) with ReLU, described by mean and standard deviation of each channel. What it measures is
 * texture, contrast and coarse shape; figures from it are never comparable with ones from Inception.
 */
export async function openRandomConvFeatures(
  compiler: StepCompiler,
  { size, channels }: { readonly size: number; readonly channels: number },
): Promise<FeatureExtractor> {
  const pixels = size * size * channels;
  const nets = Array.from({ length: NETS }, (_, net) => randomFilters(net));
  const describe = await compiler.compile(
    (images) => {
      const scaled = tf.sub(tf.mul(images, 2), 1);
      const colour = channels === 1 ? tf.concat([scaled, scaled, scaled], 3) : scaled;
      return [
        tf.concat(
          nets.flatMap((filters) => describeLayers(colour, filters)),
          1,
        ),
      ];
    },
    { inputs: [{ name: 'images', shape: [BLOCK, size, size, channels] }], variables: [] },
  );
  return {
    name: NAME,
    dimensions: DIMENSIONS,
    async extract(images) {
      const count = images.length / pixels;
      const features = new Float32Array(count * DIMENSIONS);
      const block = new Float32Array(BLOCK * pixels);
      for (let from = 0; from < count; from += BLOCK) {
        const to = Math.min(from + BLOCK, count);
        toUnitFloats(images.subarray(from * pixels, to * pixels), block, pixels);
        const [described = new Float32Array(0)] = await describe.run(block);
        features.set(described.subarray(0, (to - from) * DIMENSIONS), from * DIMENSIONS);
      }
      return features;
    },
    dispose: () => describe.dispose(),
  };
}

interface Filter {
  readonly shape: [number, number, number, number];
  readonly values: Float32Array;
}

function randomFilters(net: number): Filter[] {
  return WIDTHS.slice(1).map((width, layer) => {
    const depth = WIDTHS[layer] ?? 1;
    const shape: Filter['shape'] = [3, 3, depth, width];
    const scale = Math.sqrt(2 / (9 * depth));
    const values = normalDeviates(1 + net * WIDTHS.length + layer, 9 * depth * width);
    return { shape, values: values.map((value) => value * scale) };
  });
}

/** Mean and standard deviation of every layer's channels, each [images, channels]. */
function describeLayers(images: tf.Tensor, filters: readonly Filter[]): tf.Tensor2D[] {
  let x = images as tf.Tensor4D;
  return filters.flatMap(({ shape, values }) => {
    x = tf.relu(tf.conv2d(x, tf.tensor4d(values, shape), 2, 'same'));
    const mean = tf.mean<tf.Tensor4D>(x, [1, 2], true);
    const variance = tf.mean<tf.Tensor2D>(tf.square(tf.sub(x, mean)), [1, 2]);
    return [tf.squeeze<tf.Tensor2D>(mean, [1, 2]), tf.sqrt(tf.add<tf.Tensor2D>(variance, EPSILON))];
  });
}
