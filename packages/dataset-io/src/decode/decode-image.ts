import type { DecodeOptions } from './decode-options.js';
import { decodePlainImage } from './decode-plain-image.js';

/** An image at the model's size. */
export interface DecodedImage {
  /** uint8 [size, size, channels]. */
  readonly pixels: Uint8Array;
  /** 1 for an image that was grey, unless colour was asked for. */
  readonly channels: 1 | 3;
  /** Size of the file's image, upright. */
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes an image file: upright by its EXIF orientation, over a background, 8 bits, antialiased.
 *
 * @throws Error from sharp when the bytes are no image, cut short, or of too many pixels
 */
export async function decodeImage(
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<DecodedImage> {
  if (bytes.length === 0) throw new Error('the file is empty');
  const plain = decodePlainImage(bytes, options);
  if (plain) return plain;
  // Loaded where it is needed: a worker starts sooner without it.
  const { decodeWithSharp } = await import('./decode-with-sharp.js');
  return decodeWithSharp(bytes, options);
}
