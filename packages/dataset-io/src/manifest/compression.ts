import { compressionRegistry, CompressionType } from 'apache-arrow';
import { decompress as decompressZstd } from 'fzstd';
import lz4 from 'lz4js';

/** Lets apache-arrow read what pyarrow and polars write by default: LZ4 frames and ZSTD. */
export function registerCodecs(): void {
  compressionRegistry.set(CompressionType.LZ4_FRAME, {
    decode: (bytes) => Uint8Array.from(lz4.decompress(bytes)),
  });
  compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decompressZstd(bytes) });
}
