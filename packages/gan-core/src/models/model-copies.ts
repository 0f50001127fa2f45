import type { ModelConfig } from './model-config.js';

/** How many copies of a model there are: one for each class, or one. */
export function copyCount({ perClass, classes }: ModelConfig): number {
  return perClass ? classes : 1;
}

/** The copy of a model that a class belongs to: its own, or the only one. */
export function copyOf({ perClass }: ModelConfig, label: number): number {
  return perClass ? label : 0;
}

/** What the names of a copy's variables begin with in a checkpoint: nothing, or `class3/`. */
export function copyPrefix({ perClass }: ModelConfig, copy: number): string {
  return perClass ? `class${copy}/` : '';
}

/** The group of a variable by its name in a checkpoint. */
export function groupOfName({ perClass }: ModelConfig, name: string): string {
  const [first = '', second = ''] = name.split('/', 2);
  return perClass ? second : first;
}
