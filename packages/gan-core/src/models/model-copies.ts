import type { ModelConfig } from './model-config.js';

/** The copy of a model that a class belongs to: its own, or the only one. */
export function copyOf({ perClass }: ModelConfig, label: number): number {
  return perClass ? label : 0;
}

/** What the names of a copy's variables begin with in a checkpoint: nothing, or `class3/`. */
export function copyPrefix({ perClass }: ModelConfig, copy: number): string {
  return perClass ? `class${copy}/` : '';
}
