import type { ModelConfig } from '../models/model-config.js';
import { CheckpointError } from './checkpoint.js';

/**
 * Refuses to start from a model of other networks; the number of classes is all that may differ.
 *
 * @throws CheckpointError naming in what they differ, and both values
 */
export function assertSameNetworks(ofInit: ModelConfig, config: ModelConfig): void {
  const saved = new Map<string, unknown>(Object.entries(ofInit));
  for (const [key, value] of Object.entries(config)) {
    if (key === 'classes') continue;
    const [before, now] = [saved.get(key), value].map((one) => JSON.stringify(one));
    if (before === now) continue;
    throw new CheckpointError(
      `Expected a checkpoint to start from with ${key} ${now ?? 'none'} but received one with ${key} ${before ?? 'none'}.`,
    );
  }
}
