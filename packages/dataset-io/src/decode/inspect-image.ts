import { readPlainHeader } from './plain-header.js';

/**
 * The size of an image file as it is stored, before it is turned upright. Plain files are looked at from both ends,
 * all others decoded.
 *
 * @throws Error when the bytes are no image, cut short, or of too many pixels
 */
export async function inspectImage(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  if (bytes.length === 0) throw new Error('the file is empty');
  const header = readPlainHeader(bytes);
  if (header) return { width: header.width, height: header.height };
  const { inspectWithSharp } = await import('./decode-with-sharp.js');
  return inspectWithSharp(bytes);
}
