import type { DiscriminatorNetwork, GeneratorNetwork } from '../networks/network.js';
import type { ParameterSpecs } from '../networks/parameters.js';
import type { OwnRecipe, Recipe } from '../training/recipe.js';
import type { TrainingStep } from '../training/training-step.js';
import type { ModelConfig, ModelShape } from './model-config.js';
import type { ModelState } from './model-state.js';

/** A kind of model: what it takes where the user says nothing, and how it is made. */
export interface ModelKind {
  /** Its training where no option says otherwise. */
  readonly recipe: OwnRecipe;
  config(shape: ModelShape): ModelConfig;
  build(config: ModelConfig): Model;
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
  /** One step of training as a function of its inputs and the state's variables. */
  trainingStep(state: ModelState, recipe: Recipe): TrainingStep;
}
