/** An uncompressed picture, 8 bits a channel. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/**
 * A picture as a PNG file; the same picture gives the same bytes.
 *
 * @param side resize to a square of this many pixels
 */
export async function encodePng(
  { pixels, width, height, channels }: Picture,
  side?: number,
): Promise<Buffer> {
  // Loaded where it is needed: that takes a tenth of a second.
  const { default: sharp } = await import('sharp');
  let image = sharp(pixels, { raw: { width, height, channels } });
  if (side !== undefined && (side !== width || side !== height)) image = image.resize(side, side);
  return image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png({ compressionLevel: 9 })
    .toBuffer();
}
