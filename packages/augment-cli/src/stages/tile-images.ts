import type { Picture } from '@evenset/dataset-io';

/**
 * Lays images side by side, row by row.
 *
 * @param images uint8 [n, size, size, channels]
 */
export function tileImages(
  images: Uint8Array,
  { size, channels, columns }: { size: number; channels: 1 | 3; columns: number },
): Picture {
  const bytes = size * size * channels;
  const count = images.length / bytes;
  const rows = Math.ceil(count / columns);
  const stride = columns * size * channels;
  const pixels = new Uint8Array(rows * size * stride);
  for (let i = 0; i < count; i++) {
    const left = (i % columns) * size * channels;
    const top = Math.floor(i / columns) * size;
    for (let y = 0; y < size; y++) {
      const line = i * bytes + y * size * channels;
      pixels.set(images.subarray(line, line + size * channels), (top + y) * stride + left);
    }
  }
  return { pixels, width: columns * size, height: rows * size, channels };
}
