import type * as tf from '@tensorflow/tfjs-core';
import type { InputSpec } from '@evenset/tfjs-onnx';
import type { RandomStream } from '../random-stream.js';

/** What one step of training is about, before it is tensors. */
export interface Batch {
  /** Steps of the copy of the model that is trained, counted from 1. */
  readonly step: number;
  /** Real images shown to it when this step is done. */
  readonly images: number;
  /** Share of the run that is done; 0 while a time budget has not been converted to steps. */
  readonly progress: number;
  /** What learning rates are multiplied by: halved by every rollback. */
  readonly rateScale: number;
  /** uint8 [batch, size, size, channels]. */
  readonly pixels: Uint8Array;
  /** Class of each real image. */
  readonly labels: readonly number[];
  /** Class that each generated image is asked to be of. */
  readonly generatedLabels: readonly number[];
  /** Random numbers of this step for one purpose. */
  readonly random: (purpose: string) => RandomStream;
}

/** An input of a step, and how its values come from the batch. */
export interface StepInput extends InputSpec {
  readonly shape: readonly number[];
  draw(batch: Batch): Float32Array;
}

/** One step of training as a function of its inputs and a model's variables. */
export interface TrainingStep {
  readonly inputs: readonly StepInput[];
  /** Names of the outputs, each a scalar. */
  readonly outputs: readonly string[];
  /** Computes the outputs and assigns the variables, from the inputs' tensors by name. */
  readonly run: (input: (name: string) => tf.Tensor) => tf.Tensor[];
}
