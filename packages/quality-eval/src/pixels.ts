/**
 * Writes uint8 pixels as floats in [0, 1] into `target` and zeroes what is left of it.
 *
 * @returns the squared norm of each image of `pixels` values
 */
export function toUnitFloats(
  source: Uint8Array,
  target: Float32Array,
  pixels: number,
): Float64Array {
  const norms = new Float64Array(source.length / pixels);
  for (let i = 0; i < norms.length; i++) {
    let sum = 0;
    for (let at = i * pixels; at < (i + 1) * pixels; at++) {
      const value = (source[at] ?? 0) / 255;
      target[at] = value;
      sum += value * value;
    }
    norms[i] = sum;
  }
  target.fill(0, source.length);
  return norms;
}

/** The mirror images (left and right swapped) of uint8 [n, size, size, channels]. */
export function flipHorizontally(images: Uint8Array, size: number, channels: number): Uint8Array {
  const flipped = new Uint8Array(images.length);
  for (let row = 0; row < images.length; row += size * channels) {
    for (let x = 0; x < size; x++) {
      const from = row + x * channels;
      flipped.set(images.subarray(from, from + channels), row + (size - 1 - x) * channels);
    }
  }
  return flipped;
}

/** Root mean square difference of two uint8 images, in [0, 1]. */
export function rootMeanSquare(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    sum += difference * difference;
  }
  return Math.sqrt(sum / a.length) / 255;
}
