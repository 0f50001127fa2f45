import type { ModelConfig } from '../models/model-config.js';
import { hasDiscriminator } from '../models/model-kinds.js';
import type { TrainingOptions } from './training-options.js';

type OptionKey = keyof TrainingOptions;

/** What is about a discriminator. */
const adversarialOptions: readonly OptionKey[] = [
  'diffAugment',
  'inputNoise',
  'loss',
  'labelSmoothing',
  'lecam',
  'gradientPenalty',
];

/** The options that the training of a model does not use. */
export function unusedOptions(config: ModelConfig): readonly OptionKey[] {
  return [
    ...(hasDiscriminator(config) ? [] : adversarialOptions),
    // Each class's copy sees that class alone.
    ...(config.perClass ? (['classBalance'] as const) : []),
    ...(config.embeddingDim > 0 ? [] : (['conditionalFrom', 'discriminatorNorm'] as const)),
  ];
}
