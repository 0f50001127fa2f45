import type { Window } from './window.js';

/** Below this many channels a matrix product is too thin to be fast. */
const FEW_CHANNELS = 8;

/** A stride-1 convolution to few channels, as at a generator's end: the runtime's own Conv is faster. */
export function hasFewOutputs({ output, strides }: Window): boolean {
  return output[2] < FEW_CHANNELS && strides.every((stride) => stride === 1);
}

/** A convolution from few channels, as at a discriminator's start. */
export function hasFewInputs({ input }: Window): boolean {
  return input[2] < FEW_CHANNELS;
}
