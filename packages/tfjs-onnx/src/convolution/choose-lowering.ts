import type { Geometry } from './geometry.js';

/** Below this many channels a matrix product is too thin to be fast. */
const FEW_CHANNELS = 8;

/** A stride-1 convolution to few channels, as at a generator's end: the runtime's own Conv is faster. */
export function hasFewOutputs({ output, stride }: Geometry): boolean {
  return output[2] < FEW_CHANNELS && stride === 1;
}

/** A convolution from few channels, as at a discriminator's start. */
export function hasFewInputs({ input }: Geometry): boolean {
  return input[2] < FEW_CHANNELS;
}
