import type { DecodeOptions } from '../decode/decode-options.js';

/** Sides up to this are kept to the pixel, because the smallest differences show there. */
const LOSSLESS_SIDE = 32;
const QUALITY = 80;

/**
 * An image file as a small square WebP file, upright, brought to the square as a model sees it.
 *
 * @throws Error from sharp when the bytes are no image, cut short, or of too many pixels
 */
export async function encodeThumbnail(
  bytes: Uint8Array,
  { side, fit, background }: { side: number } & Pick<DecodeOptions, 'fit' | 'background'>,
): Promise<Buffer> {
  // Loaded where it is needed: that takes a tenth of a second.
  const { default: sharp } = await import('sharp');
  return sharp(bytes)
    .autoOrient()
    .flatten({ background })
    .resize(side, side, { fit, background, kernel: 'linear' })
    .webp({ lossless: side <= LOSSLESS_SIDE, quality: QUALITY })
    .toBuffer();
}

/** The upper left part of an image file as a WebP file; all of it where it is smaller. */
export async function encodeCorner(
  bytes: Uint8Array,
  size: { readonly width: number; readonly height: number },
): Promise<{ image: Buffer; width: number; height: number }> {
  const { default: sharp } = await import('sharp');
  const all = sharp(bytes);
  const info = await all.metadata();
  const [width, height] = [Math.min(info.width, size.width), Math.min(info.height, size.height)];
  const image = await all
    .extract({ left: 0, top: 0, width, height })
    .webp({ quality: QUALITY })
    .toBuffer();
  return { image, width, height };
}
