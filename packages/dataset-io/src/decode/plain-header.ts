/** What the header of a plain image file tells. */
export interface PlainHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

const PNG_SIGNATURE = 0x89504e47;
/** The last chunk of every whole PNG file. */
const PNG_END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
const pngExtras = new Set(['eXIf', 'iCCP', 'tRNS']);
/** What every whole JPEG file begins and ends with. */
const JPEG_START = 0xffd8;
const JPEG_END = Buffer.from([0xff, 0xd9]);
/** Start of frame: baseline, extended and progressive, Huffman-coded. */
const jpegFrames = new Set([0xc0, 0xc1, 0xc2]);
/** Segments that hold orientation (APP1), profiles (APP2) and models of colour (APP14). */
const jpegExtras = new Set([0xe1, 0xe2, 0xee]);

/**
 * Reads the header of a PNG or JPEG file of 8-bit grey or RGB without colour profile, orientation or transparency.
 *
 * @returns undefined for every other file, and for one that is cut short
 */
export function readPlainHeader(bytes: Uint8Array): PlainHeader | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return file.readUInt32BE(0) === PNG_SIGNATURE ? readPng(file) : readJpeg(file);
  } catch {
    // A read behind the end.
    return undefined;
  }
}

/** Source: PNG specification, sections 5.3 (chunks) and 11.2.2 (IHDR). */
function readPng(file: Buffer): PlainHeader | undefined {
  const colour = file.readUInt8(25);
  const [depth, interlace] = [file.readUInt8(24), file.readUInt8(28)];
  const isPlain = depth === 8 && (colour === 0 || colour === 2) && interlace === 0;
  if (!isPlain || !endsWith(file, PNG_END)) return undefined;
  let at = 8;
  for (let type = ''; type !== 'IDAT'; at += 12 + file.readUInt32BE(at)) {
    type = file.toString('latin1', at + 4, at + 8);
    if (pngExtras.has(type)) return undefined;
  }
  const channels = colour === 0 ? 1 : 3;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20), channels };
}

/** Source: ITU-T T.81, annex B (markers and the frame header). */
function readJpeg(file: Buffer): PlainHeader | undefined {
  if (file.readUInt16BE(0) !== JPEG_START || !endsWith(file, JPEG_END)) return undefined;
  for (let at = 2; ; at += 2 + file.readUInt16BE(at + 2)) {
    const marker = file.readUInt16BE(at) - 0xff00;
    if (marker < 0xc0 || jpegExtras.has(marker)) return undefined;
    if (!jpegFrames.has(marker)) continue;
    const [depth, channels] = [file.readUInt8(at + 4), file.readUInt8(at + 9)];
    if (depth !== 8 || (channels !== 1 && channels !== 3)) return undefined;
    return { width: file.readUInt16BE(at + 7), height: file.readUInt16BE(at + 5), channels };
  }
}

function endsWith(file: Buffer, end: Buffer): boolean {
  return file.subarray(-end.length).equals(end);
}
