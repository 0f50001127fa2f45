let state = 1;

function uniform() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state + 0.5) / 2 ** 32;
}

/** Normally distributed numbers of the given shape and standard deviation (Box-Muller). */
export function normalValues(shape, deviation) {
  const length = shape.reduce((product, one) => product * one, 1);
  return Float32Array.from(
    { length },
    () => deviation * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
