import * as tf from '@tensorflow/tfjs-core';
import { denseLayers, denseSpecs } from './dense-layers.js';
import type { GeneratorNetwork } from './network.js';

/** The shape of the dense generator. */
interface Shape {
  readonly size: number;
  readonly channels: number;
  readonly latentDim: number;
  /** Units of the hidden layers from the noise on. */
  readonly generatorWidths: readonly number[];
}

/** A generator of dense layers with leaky ReLU between them and tanh at the end; it knows no classes. */
export function denseGenerator({
  size,
  channels,
  latentDim,
  generatorWidths,
}: Shape): GeneratorNetwork {
  const widths = [latentDim, ...generatorWidths, size * size * channels];
  return {
    specs: denseSpecs(widths),
    normLayers: new Map(),
    generate: (parameters, z) =>
      tf.reshape(tf.tanh(denseLayers(parameters, z, widths)), [-1, size, size, channels]),
  };
}
