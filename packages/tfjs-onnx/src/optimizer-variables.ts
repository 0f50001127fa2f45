import { Variable, type Optimizer } from '@tensorflow/tfjs-core';

/**
 * The variables that a TensorFlow.js optimizer keeps (moments, powers of its decay rates), to be compiled
 * with: none yet where it makes them in its first update, which a step may hold.
 */
export function optimizerVariables(optimizer: Optimizer): Variable[] {
  return Object.values<unknown>(optimizer as unknown as Record<string, unknown>)
    .flat()
    .map((kept) => (isSlot(kept) ? kept.variable : kept))
    .filter((kept): kept is Variable => kept instanceof Variable);
}

function isSlot(value: unknown): value is { variable: unknown } {
  return typeof value === 'object' && value !== null && 'originalName' in value;
}
