import lz4 from 'lz4js';

const MAGIC = 0x184d2204;
/** Flags of the frame descriptor. */
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY_ID = 0x01;
/** The bit of a block's size that says that it is stored as it is. */
const STORED = 0x80000000;

/**
 * Decodes an LZ4 frame. Source: the LZ4 frame format description, version 1.6.
 * The library decodes the blocks; its own frame reader misreads frames that declare their content size.
 *
 * @throws RangeError when the bytes are no LZ4 frame or cut short
 */
export function decodeLz4Frame(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 7 || view.getUint32(0, true) !== MAGIC) {
    throw new RangeError('Expected an LZ4 frame but received other bytes.');
  }
  const flags = view.getUint8(4);
  const maxBlock = 1 << (8 + 2 * ((view.getUint8(5) >> 4) & 7));
  const start = 7 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY_ID ? 4 : 0);
  const blocks: { at: number; size: number; isStored: boolean }[] = [];
  for (let at = start; ;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) break;
    const length = size & ~STORED;
    if (at + length > frame.length) throw new RangeError('The LZ4 frame is cut short.');
    blocks.push({ at, size: length, isStored: (size & STORED) !== 0 });
    at += length + (flags & BLOCK_CHECKSUM ? 4 : 0);
  }
  const target = new Uint8Array(blocks.length * maxBlock);
  let end = 0;
  for (const { at, size, isStored } of blocks) {
    if (isStored) {
      target.set(frame.subarray(at, at + size), end);
      end += size;
    } else {
      // Blocks may refer back to earlier ones, which lie before them in the target.
      end = lz4.decompressBlock(frame, target, at, size, end);
    }
  }
  return target.subarray(0, end);
}
