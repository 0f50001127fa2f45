/** What the header of a plain image file tells. */
export interface PlainHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Four letters as the number that they are in a file, most significant byte first. */
const letters = (text: string) => Buffer.from(text, 'latin1').readUInt32BE();

const PNG_SIGNATURE = letters('\x89PNG');
const PNG_PIXELS = letters('IDAT');
const pngExtras = new Set(['eXIf', 'iCCP', 'tRNS'].map(letters));
/** The last chunk of every whole PNG file: its length, its type, and its checksum. */
const PNG_END = [0, letters('IEND'), 0xae426082] as const;
/** What every whole JPEG file begins and ends with. */
const JPEG_START = 0xffd8;
const JPEG_END = 0xffd9;
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
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return file.getUint32(0) === PNG_SIGNATURE ? readPng(file) : readJpeg(file);
  } catch {
    // A read behind the end.
    return undefined;
  }
}

/** Source: PNG specification, sections 5.3 (chunks) and 11.2.2 (IHDR). */
function readPng(file: DataView): PlainHeader | undefined {
  const depth = file.getUint8(24);
  const colour = file.getUint8(25);
  const interlace = file.getUint8(28);
  const isPlain = depth === 8 && (colour === 0 || colour === 2) && interlace === 0;
  if (!isPlain || !endsAsPng(file)) return undefined;
  let at = 8;
  for (let type = 0; type !== PNG_PIXELS; at += 12 + file.getUint32(at)) {
    type = file.getUint32(at + 4);
    if (pngExtras.has(type)) return undefined;
  }
  return { width: file.getUint32(16), height: file.getUint32(20), channels: colour === 0 ? 1 : 3 };
}

function endsAsPng(file: DataView): boolean {
  const end = file.byteLength - 4 * PNG_END.length;
  return PNG_END.every((word, i) => file.getUint32(end + 4 * i) === word);
}

/** Source: ITU-T T.81, annex B (markers and the frame header). */
function readJpeg(file: DataView): PlainHeader | undefined {
  const isWhole = file.getUint16(file.byteLength - 2) === JPEG_END;
  if (file.getUint16(0) !== JPEG_START || !isWhole) return undefined;
  for (let at = 2; ; at += 2 + file.getUint16(at + 2)) {
    const marker = file.getUint16(at) - 0xff00;
    if (marker < 0xc0 || jpegExtras.has(marker)) return undefined;
    if (!jpegFrames.has(marker)) continue;
    const depth = file.getUint8(at + 4);
    const channels = file.getUint8(at + 9);
    if (depth !== 8 || (channels !== 1 && channels !== 3)) return undefined;
    return { width: file.getUint16(at + 7), height: file.getUint16(at + 5), channels };
  }
}
