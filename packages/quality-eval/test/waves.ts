/** float32 [rows, dimensions] that tools/bench/metrics/reference.py draws as well, times `scale` plus `shift`. */
export function waves(
  [rows, dimensions]: readonly [number, number],
  {
    start,
    a,
    b,
    scale = 1,
    shift = 0,
  }: Record<'start' | 'a' | 'b', number> & { scale?: number; shift?: number },
): Float32Array {
  return Float32Array.from({ length: rows * dimensions }, (_, at) => {
    const [row, column] = [Math.floor(at / dimensions), at % dimensions];
    const wave = Math.sin(start + row * a + column * b + 0.37 * row * column);
    return scale * Math.fround(wave) + shift;
  });
}

/** The two sets of reference.py. */
export const reference = {
  dimensions: 8,
  real: waves([300, 8], { start: 1, a: 7, b: 3 }),
  generated: waves([270, 8], { start: 2, a: 5, b: 11, scale: 0.7, shift: 0.4 }),
};
