import type * as tf from '@tensorflow/tfjs-core';
import type { Parameters, ParameterSpecs } from '../networks/parameters.js';
import type { StepInput } from './training-step.js';

/** What stands between an encoder and its decoder. */
export interface Code {
  /** Numbers that the encoder gives of an image. */
  readonly encodedLength: number;
  readonly inputs: (batch: number) => readonly StepInput[];
  readonly bufferSpecs: ParameterSpecs;
  /**
   * The codes that are decoded, [batch, latentDim].
   *
   * @param encoded the encoder's output, [batch, encodedLength]
   */
  codes(encoded: tf.Tensor, input: (name: string) => tf.Tensor): tf.Tensor;
  /** What keeps codes near where they will be drawn from; undefined where nothing does. */
  readonly penalty?: {
    readonly output: string;
    readonly weight: number;
    /** Scalar. */
    of(encoded: tf.Tensor): tf.Scalar;
  };
  /** The buffers' values after a step. */
  nextBuffers(
    buffers: Parameters,
    encoded: tf.Tensor,
    input: (name: string) => tf.Tensor,
  ): ReadonlyMap<string, tf.Tensor>;
  /** Codes to make images of, from N(0, 1) noise, [batch, latentDim]; without, the noise itself. */
  readonly latent?: (buffers: Parameters, noise: tf.Tensor) => tf.Tensor;
}
