import { filesKey } from '../decode/cache-key.js';
import type { DecodedBatch } from '../decode/decode-batch.js';
import type { DecodeOptions } from '../decode/decode-options.js';
import { STAMP } from '../decode/file-stamp.js';
import { openPixelWriter } from '../decode/pixel-writer.js';

/** Keeps what a scan decodes, for whoever opens the manifest's pixels with the same options. */
export interface ScanCache {
  /** Takes the files of a batch that could be read, which become the manifest's next rows. */
  add(files: readonly string[], decoded: DecodedBatch): Promise<void>;
  finish(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the cache entry of a scan. It gives up without a word on what an entry of a whole manifest cannot hold
 * (grey and colour images, links that lead out of the manifest's folder) and on a cache folder that cannot be
 * written: the images are then decoded when they are needed.
 */
export async function openScanCache(cacheDir: string, options: DecodeOptions): Promise<ScanCache> {
  let writer = await openPixelWriter(cacheDir, options).catch(() => undefined);
  const files: string[] = [];
  const stamps: number[] = [];

  const close = async () => {
    await writer?.close();
    writer = undefined;
  };
  return {
    async add(batch, decoded) {
      if (!writer) return;
      const rows = batch.map((file, place) => {
        if (decoded.failures.has(place)) return -1;
        stamps.push(...decoded.stamps.subarray(place * STAMP, (place + 1) * STAMP));
        return files.push(file) - 1;
      });
      const fits = !decoded.hasElsewhere && (await writer.add(decoded, rows).catch(() => false));
      if (!fits) await close();
    },
    async finish() {
      const key = filesKey(files, Float64Array.from(stamps), [...files.keys()], {
        ...options,
        allowOutside: false,
      });
      await writer?.keepAs(key, [], []).catch(() => undefined);
    },
    close,
  };
}
