/** An image file as a browser shows it. */
export interface ViewableImage {
  /** Its media type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What the kinds of image that browsers show begin with, and where. */
const kinds: readonly { type: string; at: number; mark: string }[] = [
  { type: 'image/png', at: 0, mark: '\x89PNG\r\n' },
  { type: 'image/jpeg', at: 0, mark: '\xff\xd8\xff' },
  { type: 'image/gif', at: 0, mark: 'GIF8' },
  { type: 'image/webp', at: 8, mark: 'WEBP' },
  { type: 'image/avif', at: 4, mark: 'ftypavif' },
];

/**
 * An image file as it is where browsers show its kind, else (TIFF) as a PNG file.
 *
 * @throws Error from sharp when the bytes are no image
 */
export async function viewableImage(bytes: Uint8Array): Promise<ViewableImage> {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.length));
  const text = head.toString('latin1');
  const kind = kinds.find(({ at, mark }) => text.startsWith(mark, at));
  if (kind) return { type: kind.type, bytes };
  const { default: sharp } = await import('sharp');
  return { type: 'image/png', bytes: await sharp(bytes).autoOrient().png().toBuffer() };
}
