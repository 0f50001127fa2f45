import type { ModelConfig } from '../models/model-config.js';
import { CheckpointError } from './checkpoint.js';

/**
 * Refuses to start from a model of other networks; the number of classes is all that may differ.
 *
 * @throws CheckpointError naming in what they differ, and both values
 */
export function assertSameNetworks(ofInit: ModelConfig, config: ModelConfig): void {
  const [saved, own] = [ofInit, config].map((one) => new Map<string, unknown>(Object.entries(one)));
  for (const key of new Set([...(own?.keys() ?? []), ...(saved?.keys() ?? [])])) {
    if (key === 'classes') continue;
    const [before, now] = [saved, own].map((one) => JSON.stringify(one?.get(key)));
    if (before === now) continue;
    throw new CheckpointError(
      `Expected a checkpoint to start from with ${key} ${now ?? 'not set'} but received one with ${key} ${before ?? 'not set'}.`,
    );
  }
}
