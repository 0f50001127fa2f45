/** Elements of a tensor of this shape; without TensorFlow.js, which the engine's thread does not load. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
