import * as tf from '@tensorflow/tfjs-core';
import { denseLayers, denseSpecs } from './dense-layers.js';
import type { DiscriminatorNetwork, DiscriminatorVariables } from './network.js';

/** The shape of the dense discriminator. */
interface Shape {
  readonly size: number;
  readonly channels: number;
  /** Units of the hidden layers from the logit backwards. */
  readonly discriminatorWidths: readonly number[];
}

/** A discriminator of dense layers with leaky ReLU between them; it knows no classes. */
export function denseDiscriminator({
  size,
  channels,
  discriminatorWidths,
}: Shape): DiscriminatorNetwork {
  const pixels = size * size * channels;
  const widths = [pixels, ...discriminatorWidths.toReversed(), 1];
  const judge = ({ weights }: DiscriminatorVariables, images: tf.Tensor) =>
    denseLayers(weights, tf.reshape(images, [-1, pixels]), widths);
  return {
    specs: denseSpecs(widths),
    bufferSpecs: new Map(),
    usesBatchStatistics: false,
    judge,
    score: judge,
    nextBuffers: () => new Map(),
  };
}
