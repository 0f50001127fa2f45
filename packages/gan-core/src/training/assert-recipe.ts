import type { ModelConfig } from '../models/model-config.js';
import type { DiscriminatorNetwork } from '../networks/network.js';
import { adversarialLosses } from './adversarial-losses.js';
import type { Recipe } from './recipe.js';

/**
 * Refuses what has no meaning together in adversarial training.
 *
 * @throws RangeError naming the flag
 */
export function assertRecipe(
  { loss, labelSmoothing, gradientPenalty }: Recipe,
  { model }: ModelConfig,
  { usesBatchStatistics }: DiscriminatorNetwork,
): void {
  if (labelSmoothing > 0 && !adversarialLosses[loss].hasLabels) {
    throw new RangeError(
      `--label-smoothing ${labelSmoothing} needs --loss non-saturating or minimax, because ${loss} has no labels to smooth.`,
    );
  }
  if (gradientPenalty > 0 && usesBatchStatistics) {
    throw new RangeError(
      `--gradient-penalty ${gradientPenalty} needs a model whose discriminator has no batch norm, cdcgan or gan, but received ${model}: the gradient at an image must not depend on the others.`,
    );
  }
}
