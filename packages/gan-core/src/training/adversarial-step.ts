import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../models/model-config.js';
import { groupOf, momentsOf, type ModelState } from '../models/model-state.js';
import type { DiscriminatorNetwork, GeneratorNetwork } from '../networks/network.js';
import { adamUpdate } from './adam.js';
import { adversarialLosses } from './adversarial-losses.js';
import { assertRecipe } from './assert-recipe.js';
import {
  decayOfAverage,
  generatedClasses,
  noise,
  realClasses,
  realImages,
  stepSize,
} from './batch-inputs.js';
import { augmentInputs, augmentPolicy, diffAugment } from './diff-augment.js';
import { discriminatorLoss } from './discriminator-loss.js';
import { lecamInputs, updateAnchors } from './lecam.js';
import { updateAverage } from './moving-average.js';
import type { Recipe } from './recipe.js';
import type { TrainingStep } from './training-step.js';

/** The two networks, their variables and how they are trained. */
interface Players {
  readonly config: ModelConfig;
  readonly generator: GeneratorNetwork;
  readonly discriminator: DiscriminatorNetwork;
  readonly state: ModelState;
  readonly recipe: Recipe;
}

/**
 * One step of adversarial training: discriminator, then generator, then the generator's moving average. The same noise
 * serves both updates.
 *
 * @throws RangeError when the recipe's parts do not go together
 */
export function adversarialStep(players: Players): TrainingStep {
  const { config, generator, discriminator, state, recipe } = players;
  assertRecipe(recipe, config, discriminator);
  const { batchSize: batch } = recipe;
  const loss = adversarialLosses[recipe.loss];
  const augment = augmentInputs(augmentPolicy(recipe, config), 2 * batch, config);
  const weightsG = groupOf(state, 'generator');
  const weightsD = groupOf(state, 'discriminator');
  const buffers = groupOf(state, 'buffers');
  const variablesD = { weights: weightsD, buffers };

  /** The logits of real and generated images, [2 batch, 1], in one pass where the network allows it. */
  function judge(images: tf.Tensor, oneHot: tf.Tensor): tf.Tensor {
    if (!discriminator.usesBatchStatistics) return discriminator.judge(variablesD, images, oneHot);
    const halves = [firstHalf, secondHalf].map((half) =>
      discriminator.judge(variablesD, half(images, batch), half(oneHot, batch)),
    );
    return tf.concat(halves);
  }

  return {
    inputs: [
      realImages('real', batch, config),
      realClasses('realClasses', batch, config),
      noise('z', [batch, config.latentDim]),
      (loss.isPaired ? realClasses : generatedClasses)('generatedClasses', batch, config),
      stepSize('stepSizeD', recipe.learningRateD),
      stepSize('stepSizeG', recipe.learningRateG),
      decayOfAverage('averageDecay', recipe),
      ...(recipe.lecam > 0 ? lecamInputs(recipe.lecam) : []),
      ...augment,
    ],
    outputs: ['lossD', 'lossG', 'logitReal', 'logitFake'],
    run(input) {
      const z = input('z');
      const classesOfGenerated = input('generatedClasses');
      const drawn = new Map(augment.map(({ name }) => [name, input(name)]));
      const drawnOfGenerated = new Map(
        augment.map(({ name }) => [name, secondHalf(input(name), batch)]),
      );

      const generated = generator.generate(weightsG, z, classesOfGenerated);
      const shown = diffAugment(tf.concat([input('real'), generated]), drawn);
      const oneHot = tf.concat([input('realClasses'), classesOfGenerated]);
      let logits: tf.Tensor = tf.zeros([2 * batch, 1]);
      const ofD = tf.variableGrads(() => {
        const judged = discriminatorLoss(recipe, {
          judge: (images) => judge(images, oneHot),
          images: shown,
          buffers,
          input,
        });
        logits = judged.logits;
        return judged.value;
      }, [...weightsD.values()]);
      const nextBuffers = discriminator.nextBuffers(
        variablesD,
        firstHalf(shown, batch),
        input('realClasses'),
      );
      adamUpdate(weightsD, momentsOf(state, 'discriminator'), ofD.grads, input('stepSizeD'));
      for (const [name, value] of nextBuffers) buffers.get(name)?.assign(value);

      const ofG = tf.variableGrads(() => {
        const images = generator.generate(weightsG, z, classesOfGenerated);
        const seen = diffAugment(images, drawnOfGenerated);
        return loss.generator(discriminator.judge(variablesD, seen, classesOfGenerated), () =>
          discriminator.judge(variablesD, firstHalf(shown, batch), input('realClasses')),
        );
      }, [...weightsG.values()]);
      adamUpdate(weightsG, momentsOf(state, 'generator'), ofG.grads, input('stepSizeG'));
      updateAverage(groupOf(state, 'average'), weightsG, input('averageDecay'));

      const means = {
        real: tf.mean(firstHalf(logits, batch)),
        generated: tf.mean(secondHalf(logits, batch)),
      };
      logits.dispose();
      if (recipe.lecam > 0) updateAnchors(buffers, means, input('anchorDecay'));
      return [ofD.value, ofG.value, means.real, means.generated];
    },
  };
}

function firstHalf(x: tf.Tensor, batch: number): tf.Tensor {
  return tf.slice(x, 0, batch);
}

function secondHalf(x: tf.Tensor, batch: number): tf.Tensor {
  return tf.slice(x, batch, batch);
}
