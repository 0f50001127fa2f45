import * as tf from '@tensorflow/tfjs-core';
import type { InputSpec, Step } from '@evenset/tfjs-onnx';
import { discriminate, normWeights } from '../networks/discriminator.js';
import { generate } from '../networks/generator.js';
import type { GanConfig } from '../networks/presets.js';
import { adamUpdate } from './adam.js';
import {
  augmentInputs,
  diffAugment,
  type AugmentInput,
  type AugmentPolicy,
} from './diff-augment.js';
import { discriminatorLoss, generatorLoss } from './losses.js';
import type { ModelState } from './model-state.js';
import { updateAverage } from './moving-average.js';

/** A step and the inputs that it is compiled for. */
export interface TrainingStep {
  readonly step: Step;
  readonly inputs: readonly InputSpec[];
  /** The augmentation's inputs: of the real and of the generated images, one after the other. */
  readonly augment: readonly AugmentInput[];
}

/** Names of the step's outputs, each a mean over the batch. */
export const stepOutputs = ['lossD', 'lossG', 'logitReal', 'logitFake'] as const;

/**
 * One step of training as a function of its inputs and the model's variables: discriminator, then generator,
 * then the generator's moving average. The same noise serves both updates.
 */
export function trainingStep(
  config: GanConfig,
  state: ModelState,
  batch: number,
  policy: AugmentPolicy,
): TrainingStep {
  const { size, channels, classes, latentDim } = config;
  const augment = augmentInputs(policy, 2 * batch, { size, channels });
  const inputs: InputSpec[] = [
    { name: 'real', shape: [batch, size, size, channels] },
    { name: 'realOneHot', shape: [batch, classes] },
    { name: 'z', shape: [batch, latentDim] },
    { name: 'fakeOneHot', shape: [batch, classes] },
    { name: 'stepSizeD', shape: [] },
    { name: 'stepSizeG', shape: [] },
    { name: 'averageDecay', shape: [] },
    ...augment,
  ];
  const { generator, discriminator, spectral, average } = state;

  const step: Step = (...tensors) => {
    const [real, realOneHot, z, fakeOneHot, stepSizeD, stepSizeG, decay] = tensors as Seven;
    const both = new Map(tensors.slice(7).map((tensor, i) => [augment[i]?.name ?? '', tensor]));
    const ofFakes = new Map([...both].map(([name, x]) => [name, secondHalf(x, batch)]));
    const judge = (images: tf.Tensor, oneHot: tf.Tensor) =>
      discriminate(
        config,
        discriminator,
        normWeights(config, discriminator, spectral),
        images,
        oneHot,
      );

    const fake = generate(config, generator, z, fakeOneHot);
    const shown = diffAugment(tf.concat([real, fake]), both);
    const oneHot = tf.concat([realOneHot, fakeOneHot]);
    let logits: tf.Tensor = tf.zeros([2 * batch, 1]);
    const ofD = tf.variableGrads(() => {
      // Kept, because variableGrads frees what its function computes.
      logits = tf.keep(judge(shown, oneHot));
      return discriminatorLoss(firstHalf(logits, batch), secondHalf(logits, batch));
    }, [...discriminator.values()]);
    const { vectors } = normWeights(config, discriminator, spectral);
    adamUpdate(
      discriminator,
      { first: state.discriminatorFirst, second: state.discriminatorSecond },
      ofD.grads,
      stepSizeD,
    );
    for (const [name, vector] of vectors) spectral.get(name)?.assign(vector);

    const ofG = tf.variableGrads(
      () =>
        generatorLoss(
          judge(diffAugment(generate(config, generator, z, fakeOneHot), ofFakes), fakeOneHot),
        ),
      [...generator.values()],
    );
    adamUpdate(
      generator,
      { first: state.generatorFirst, second: state.generatorSecond },
      ofG.grads,
      stepSizeG,
    );
    updateAverage(average, generator, decay);
    const means = [firstHalf(logits, batch), secondHalf(logits, batch)].map((half) =>
      tf.mean(half),
    );
    logits.dispose();
    return [ofD.value, ofG.value, ...means];
  };
  return { step, inputs, augment };
}

type Seven = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

function firstHalf(x: tf.Tensor, batch: number): tf.Tensor {
  return rowsOf(x, 0, batch);
}

function secondHalf(x: tf.Tensor, batch: number): tf.Tensor {
  return rowsOf(x, batch, batch);
}

function rowsOf(x: tf.Tensor, from: number, count: number): tf.Tensor {
  return tf.slice(x, from, count);
}
