/**
 * An image in another size, by bilinear interpolation between pixel centres; where it becomes smaller, each pixel is the
 * mean of what it covers.
 *
 * @param pixels uint8 [size, size, channels]
 * @returns [side, side, channels], 0 to 255
 */
export function resizeImage(
  pixels: Uint8Array,
  { size, channels }: { readonly size: number; readonly channels: number },
  side: number,
): Float32Array {
  const weights = lineWeights(size, side);
  const wide = new Float32Array(size * side * channels);
  for (let y = 0; y < size; y++) {
    for (const [x, taps] of weights.entries()) {
      for (const { at, weight } of taps) {
        for (let c = 0; c < channels; c++) {
          const to = (y * side + x) * channels + c;
          wide[to] = (wide[to] ?? 0) + weight * (pixels[(y * size + at) * channels + c] ?? 0);
        }
      }
    }
  }
  const resized = new Float32Array(side * side * channels);
  const line = side * channels;
  for (const [y, taps] of weights.entries()) {
    for (const { at, weight } of taps) {
      for (let i = 0; i < line; i++) {
        const to = y * line + i;
        resized[to] = (resized[to] ?? 0) + weight * (wide[at * line + i] ?? 0);
      }
    }
  }
  return resized;
}

/** For each place of a line, the places that it is made of, by a triangle as wide as the coarser of both grids. */
function lineWeights(from: number, to: number): { at: number; weight: number }[][] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale - 0.5;
    const taps: { at: number; weight: number }[] = [];
    for (let at = Math.ceil(centre - reach); at <= centre + reach; at++) {
      const weight = Math.max(0, 1 - Math.abs(at - centre) / reach);
      if (weight > 0) taps.push({ at: Math.min(from - 1, Math.max(0, at)), weight });
    }
    const sum = taps.reduce((total, { weight }) => total + weight, 0);
    return taps.map(({ at, weight }) => ({ at, weight: weight / sum }));
  });
}
