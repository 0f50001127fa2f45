import { meanOf } from '../statistics/mean-of.js';
import type { Numbers } from '../statistics/numbers.js';

/**
 * What the discriminator's game value says of how far generated images are from real ones, in nats: 0 where it
 * cannot tell them apart, log 2 where it always can. (V + 2 log 2) / 2 with V = mean log sigma(real) +
 * mean log(1 - sigma(generated)); a lower estimate of the Jensen-Shannon divergence if the images are held out, below 0
 * where the discriminator is worse than a coin. Source: Goodfellow et al., "Generative adversarial nets" (2014), theorem 1.
 *
 * @param realLogits logits of held-out real images, at least 1
 * @param fakeLogits logits of generated images, at least 1
 * @throws RangeError for no logits
 */
export function jensenShannonEstimate(realLogits: Numbers, fakeLogits: Numbers): number {
  if (realLogits.length === 0 || fakeLogits.length === 0) {
    throw new RangeError(
      `Expected logits of both sides but received ${realLogits.length} real and ${fakeLogits.length} generated.`,
    );
  }
  const value = -meanOf(realLogits, (logit) => softplus(-logit)) - meanOf(fakeLogits, softplus);
  return value / 2 + Math.LN2;
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
