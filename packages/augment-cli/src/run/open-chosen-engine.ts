import { openEngine, type Engine } from '@evenset/gan-core';
import type { Narrator } from '../console/narrator.js';
import type { AugmentOptions } from '../options/augment-options.js';

/** Opens the engine that the options name; what it has to say is a warning. */
export function openChosenEngine(
  options: Pick<AugmentOptions, 'engine' | 'threads'>,
  narrator: Narrator,
): Promise<Engine> {
  return openEngine(options.engine, {
    ...options,
    onWarning: (line) => {
      narrator.warn(line);
    },
  });
}
