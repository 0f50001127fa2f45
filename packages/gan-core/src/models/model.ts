import type * as tf from '@tensorflow/tfjs-core';
import type { DiscriminatorNetwork, GeneratorNetwork } from '../networks/network.js';
import type { Parameters, ParameterSpecs } from '../networks/parameters.js';
import type { OwnRecipe, Recipe } from '../training/recipe.js';
import type { TrainingStep } from '../training/training-step.js';
import type { ModelConfig, PresetName, Widths } from './model-config.js';
import type { ModelState } from './model-state.js';

/** A kind of model: what it takes where the user says nothing, and how it is made. */
export interface ModelKind {
  /** Its training where no option says otherwise. */
  readonly recipe: OwnRecipe;
  readonly plan: NetworkPlan;
  /** Length of the class embedding; 0 for a model that knows no classes. */
  readonly embeddingDim: number;
  build(config: ModelConfig): Model;
}

/** How large the networks of a kind of model are. */
export interface NetworkPlan {
  /** Whether presets name its widths. */
  readonly hasPresets: boolean;
  /** Whether its networks may have any number of layers, whatever the images' size. */
  readonly hasFreeDepth: boolean;
  /** Side length of the images that it is meant for, in pixels. */
  size(preset: PresetName): number;
  /** @throws RangeError when there is no such model for the size */
  widths(size: number, preset: PresetName): Widths;
}

/** A model before it has variables. */
export interface Model {
  readonly generator: GeneratorNetwork;
  /** What scores images; models without one can train and sample only. */
  readonly discriminator?: DiscriminatorNetwork;
  /** Parameters of the networks that Adam moves, by group. */
  readonly trained: Readonly<Record<string, ParameterSpecs>>;
  /** What a step carries on without a gradient. */
  readonly buffers: ParameterSpecs;
  /** What the generator is given for N(0, 1) noise, [batch, latentDim], where that is not the noise itself. */
  readonly latent?: (buffers: Parameters, noise: tf.Tensor) => tf.Tensor;
  /** One step of training as a function of its inputs and the state's variables. */
  trainingStep(state: ModelState, recipe: Recipe): TrainingStep;
}
