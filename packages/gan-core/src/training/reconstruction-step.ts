import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../models/model-config.js';
import { groupOf, momentsOf, type ModelState } from '../models/model-state.js';
import type { EncoderNetwork, GeneratorNetwork } from '../networks/network.js';
import { adamUpdate } from './adam.js';
import { decayOfAverage, realClasses, realImages, stepSize } from './batch-inputs.js';
import type { Code } from './code.js';
import { updateAverage } from './moving-average.js';
import type { Recipe } from './recipe.js';
import type { TrainingStep } from './training-step.js';

/** The two networks, the code between them, their variables and how they are trained. */
interface Parts {
  readonly config: ModelConfig;
  readonly encoder: EncoderNetwork;
  readonly generator: GeneratorNetwork;
  readonly code: Code;
  readonly state: ModelState;
  readonly recipe: Recipe;
}

/**
 * One step of learning to give images back: the mean squared error of pixels in [-1, 1] and what the code adds to it move
 * encoder and decoder together, then the decoder's moving average follows.
 */
export function reconstructionStep(parts: Parts): TrainingStep {
  const { config, encoder, generator, code, state, recipe } = parts;
  const { batchSize: batch } = recipe;
  const weightsE = groupOf(state, 'encoder');
  const weightsG = groupOf(state, 'generator');
  const buffers = groupOf(state, 'buffers');
  const { penalty } = code;
  return {
    inputs: [
      realImages('real', batch, config),
      realClasses('realClasses', batch, config),
      stepSize('stepSizeE', recipe.learningRateD),
      stepSize('stepSizeG', recipe.learningRateG),
      decayOfAverage('averageDecay', recipe),
      ...code.inputs(batch),
    ],
    outputs: ['lossMSE', ...(penalty ? [penalty.output] : [])],
    run(input) {
      const images = input('real');
      const loss = (encoded: tf.Tensor) => {
        const decoded = generator.generate(
          weightsG,
          code.codes(encoded, input),
          input('realClasses'),
        );
        const terms = [tf.mean<tf.Scalar>(tf.square(tf.sub(decoded, images)))];
        if (penalty) terms.push(penalty.of(encoded));
        return terms;
      };
      let encoded: tf.Tensor = images;
      let terms: tf.Scalar[] = [];
      const { grads } = tf.variableGrads(() => {
        // Kept, because variableGrads frees what its function computes.
        encoded = tf.keep(encoder.encode(weightsE, images));
        terms = loss(encoded).map((term) => tf.keep(term));
        const [error, divergence] = terms as [tf.Scalar, tf.Scalar?];
        return divergence && penalty
          ? tf.add(error, tf.mul(divergence, penalty.weight))
          : tf.clone(error);
      }, [...weightsE.values(), ...weightsG.values()]);
      const nextBuffers = code.nextBuffers(buffers, encoded, input);
      for (const [name, value] of nextBuffers) buffers.get(name)?.assign(value);
      adamUpdate(weightsE, momentsOf(state, 'encoder'), grads, input('stepSizeE'));
      adamUpdate(weightsG, momentsOf(state, 'generator'), grads, input('stepSizeG'));
      updateAverage(groupOf(state, 'average'), weightsG, input('averageDecay'));
      encoded.dispose();
      const values = terms.map((term) => tf.clone(term));
      for (const term of terms) term.dispose();
      return values;
    },
  };
}
