import { openFilesHash } from '../decode/cache-key.js';
import type { DecodedBatch } from '../decode/decode-batch.js';
import type { DecodeOptions } from '../decode/decode-options.js';
import { openPixelWriter } from '../decode/pixel-writer.js';
import type { ImageFile } from './list-images.js';

/** Keeps what a scan decodes, for whoever opens the manifest's pixels with the same options. */
export interface ScanCache {
  /** Takes the images of a batch and their files, which become the manifest's next rows. */
  add(images: readonly ImageFile[], decoded: DecodedBatch): Promise<void>;
  /** Makes them an entry, unless there are none. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the cache entry of a scan. It gives up without a word on links that lead out of the manifest's folder, which an
 * entry of a whole manifest does not hold, and on a cache folder that cannot be written: the images are then decoded
 * when they are needed.
 */
export async function openScanCache(cacheDir: string, options: DecodeOptions): Promise<ScanCache> {
  let writer = await openPixelWriter(cacheDir, options).catch(() => undefined);
  const hash = openFilesHash();
  let count = 0;

  const close = async () => {
    await writer?.close();
    writer = undefined;
  };
  return {
    async add(batch, decoded) {
      if (!writer) return;
      hash.add(
        batch.map(({ file }) => file),
        decoded.stamps,
      );
      const rows = Int32Array.from(batch, () => count++);
      if (decoded.hasElsewhere) await close();
      else await writer.add(decoded, rows).catch(close);
    },
    async finish() {
      if (count === 0) return;
      const rows = Int32Array.from({ length: count }, (_, row) => row);
      const key = hash.key(rows, { ...options, allowOutside: false });
      await writer?.keepAs(key, [], []).catch(() => undefined);
    },
    close,
  };
}
