import type * as tf from '@tensorflow/tfjs-core';
import type { ChannelStatistics } from './batch-norm.js';
import type { Parameters, ParameterSpecs } from './parameters.js';

/** Where a normalisation layer's statistics come from: the batch while training, fixed ones when sampling. */
type StatisticsOf = (layer: string, x: tf.Tensor) => ChannelStatistics;

/** A network that makes images of noise or codes. */
export interface GeneratorNetwork {
  readonly specs: ParameterSpecs;
  /** Channels of its batch-norm layers by name. */
  readonly normLayers: ReadonlyMap<string, number>;
  /**
   * @param z noise, [batch, latentDim]
   * @param oneHot the classes, [batch, classes]; left unused by a network that knows none
   * @param statisticsOf fixed statistics; without, each layer takes the batch's own
   * @returns images in [-1, 1], [batch, size, size, channels]
   */
  generate(
    parameters: Parameters,
    z: tf.Tensor,
    oneHot: tf.Tensor,
    statisticsOf?: StatisticsOf,
  ): tf.Tensor;
}

/** A network that makes codes of images. */
export interface EncoderNetwork {
  readonly specs: ParameterSpecs;
  /**
   * Encodes a training batch; an image's code may depend on the other images in it.
   *
   * @param images in [-1, 1], [batch, size, size, channels]
   * @returns [batch, outputs]
   */
  encode(parameters: Parameters, images: tf.Tensor): tf.Tensor;
}

/** The variables of a discriminator. */
export interface DiscriminatorVariables {
  readonly weights: Parameters;
  /** What a step carries on without a gradient. */
  readonly buffers: Parameters;
}

/** A network that tells real images from generated ones. */
export interface DiscriminatorNetwork {
  readonly specs: ParameterSpecs;
  readonly bufferSpecs: ParameterSpecs;
  /** Whether a logit depends on the other images of its batch while training: real and generated ones are then kept apart. */
  readonly usesBatchStatistics: boolean;
  /**
   * Judges a training batch.
   *
   * @param images in [-1, 1], [batch, size, size, channels]
   * @param oneHot the classes, [batch, classes]
   * @returns logits, [batch, 1]: high for images that look real
   */
  judge(variables: DiscriminatorVariables, images: tf.Tensor, oneHot: tf.Tensor): tf.Tensor;
  /** Judges images for a score: as `judge`, but no logit depends on other images. */
  score(variables: DiscriminatorVariables, images: tf.Tensor, oneHot: tf.Tensor): tf.Tensor;
  /** The buffers' values after a step on a batch of real images. */
  nextBuffers(
    variables: DiscriminatorVariables,
    images: tf.Tensor,
    oneHot: tf.Tensor,
  ): ReadonlyMap<string, tf.Tensor>;
}
