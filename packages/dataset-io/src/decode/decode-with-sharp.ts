import sharp, { type Metadata } from 'sharp';
import type { DecodedImage } from './decode-image.js';
import type { DecodeOptions } from './decode-options.js';

// Calls run side by side on libuv's threads; one image on several threads would only add to them.
sharp.concurrency(1);
sharp.cache(false);

/** EXIF orientations from 5 on are turned by a quarter. */
const QUARTER_TURNED = 5;

/**
 * Decodes any image file that sharp reads: upright by its EXIF orientation, over a background, 8 bits, antialiased.
 *
 * @throws Error from sharp when the bytes are no image, cut short, or of too many pixels
 */
export async function decodeWithSharp(
  bytes: Uint8Array,
  { size, channels, fit, background }: DecodeOptions,
): Promise<DecodedImage> {
  const image = sharp(bytes, { failOn: 'error', sequentialRead: true });
  const info = await image.metadata();
  const isTurned = (info.orientation ?? 1) >= QUARTER_TURNED;
  const wanted = channels === 'auto' ? (isGrey(info) ? 1 : 3) : channels;

  let pipeline = image.autoOrient();
  if (info.hasAlpha) pipeline = pipeline.flatten({ background });
  if (info.width !== size || info.height !== size) {
    pipeline = pipeline.resize(size, size, { fit, background, kernel: 'linear' });
  }
  const { data, info: out } = await pipeline
    .toColourspace(wanted === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    pixels: toChannels(data, out.channels, wanted),
    channels: wanted,
    width: isTurned ? info.height : info.width,
    height: isTurned ? info.width : info.height,
  };
}

function isGrey({ space, channels }: Metadata): boolean {
  return space === 'b-w' || space === 'grey16' || channels <= 2;
}

/** Padding and grey conversion can leave other channels than wanted behind. */
function toChannels(data: Uint8Array, from: number, to: 1 | 3): Uint8Array {
  if (from === to) return data;
  const count = data.length / from;
  const result = new Uint8Array(count * to);
  for (let pixel = 0; pixel < count; pixel++) {
    for (let channel = 0; channel < to; channel++) {
      result[pixel * to + channel] = data[pixel * from + (from < 3 ? 0 : channel)] ?? 0;
    }
  }
  return result;
}
