import { crc32c } from './crc32c.js';

/** What is added to a rotated CRC, so that a record may hold records. */
const MASK = 0xa282ead8;

/**
 * A record as TFRecord files hold it: length, masked CRC of the length, data, masked CRC of the data. Source:
 * TensorFlow's guide "TFRecord and tf.train.Example", section "TFRecords format details".
 */
export function frameRecord(data: Uint8Array): Buffer {
  const frame = Buffer.alloc(12 + data.length + 4);
  frame.writeBigUInt64LE(BigInt(data.length), 0);
  frame.writeUInt32LE(maskedCrc(frame.subarray(0, 8)), 8);
  frame.set(data, 12);
  frame.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return frame;
}

function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}
