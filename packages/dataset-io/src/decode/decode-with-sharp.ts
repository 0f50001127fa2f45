import sharp, { type Metadata } from 'sharp';
import type { DecodedImage } from './decode-image.js';
import type { DecodeOptions } from './decode-options.js';
import { toChannels } from './to-channels.js';

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
  const hasBackground = info.hasAlpha || (fit === 'contain' && info.width !== info.height);
  const isTinted = isGrey(info) && hasBackground && !isGreyColour(background);
  const wanted = channels === 'auto' ? (isGrey(info) && !isTinted ? 1 : 3) : channels;

  let pipeline = image.autoOrient();
  // Else a grey image would take the background's red alone; a profile of its own is not read then.
  if (isTinted && wanted === 3) pipeline = pipeline.pipelineColourspace('srgb');
  if (info.hasAlpha) pipeline = pipeline.flatten({ background });
  if (info.width !== size || info.height !== size) {
    pipeline = pipeline.resize(size, size, { fit, background, kernel: 'linear' });
  }
  const { data, info: out } = await pipeline
    .toColourspace(wanted === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    // Padding and grey conversion can leave other channels than wanted behind.
    pixels: toChannels(data, out.channels, wanted),
    channels: wanted,
    width: isTurned ? info.height : info.width,
    height: isTurned ? info.width : info.height,
  };
}

function isGrey({ space, channels }: Metadata): boolean {
  return space === 'b-w' || space === 'grey16' || channels <= 2;
}

/** Whether red, green and blue of a colour like #7f7f7f are the same. */
function isGreyColour(colour: string): boolean {
  const [red, green, blue] = colour.toLowerCase().match(/[0-9a-f]{2}/g) ?? [];
  return red === green && green === blue;
}
