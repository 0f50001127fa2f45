import { join } from 'node:path';
import type { QuarantineEntry } from '../errors.js';
import { removeTemporaryFiles } from '../files/remove-temporary-files.js';
import { openTemporary, writeFileAtomic } from '../files/write-file-atomic.js';
import type { DecodedBatch } from './decode-batch.js';
import type { DecodeOptions } from './decode-options.js';
import {
  FORMAT_VERSION,
  pixelFile,
  recordsFile,
  writeIndex,
  type PixelIndex,
} from './pixel-cache.js';
import { removeUnusedEntries } from './remove-unused-entries.js';
import { openRowRecords } from './row-records.js';

/** Nobody writes one entry for so long: a day. */
const STALE_MS = 24 * 60 * 60 * 1000;

/** Puts decoded images into the cache as they come. */
export interface PixelWriter {
  /**
   * Takes the images of a batch that could be read, and the manifest row of each.
   *
   * @returns false when grey and colour images are mixed, which no cache entry holds
   */
  add(decoded: DecodedBatch, rows: Int32Array): Promise<boolean>;
  /** Makes them an entry, which is found by its key; `unread` are rows whose file was there and could not be read. */
  keepAs(
    key: string,
    quarantine: readonly QuarantineEntry[],
    unread: readonly number[],
  ): Promise<void>;
  /** Removes what was not kept. */
  close(): Promise<void>;
}

/** Opens a new entry of the cache. @throws Error naming the file when the system does not let it be written */
export async function openPixelWriter(
  cacheDir: string,
  { size, channels: wanted }: DecodeOptions,
): Promise<PixelWriter> {
  await removeTemporaryFiles(cacheDir, { olderThanMs: STALE_MS });
  await removeUnusedEntries(cacheDir);
  const file = await openTemporary(join(cacheDir, 'pixels'));
  const records = openRowRecords();
  let channels: 1 | 3 = wanted === 'auto' ? 1 : wanted;
  let nativeSize: PixelIndex['nativeSize'] = null;

  /** Whether images go into the same entry as those before them. */
  const fits = ({ channels: own, sizes }: DecodedBatch): boolean => {
    if (records.count === 0 && own.length > 0) {
      channels = own[0] === 1 ? 1 : 3;
      nativeSize = { width: sizes[0] ?? 0, height: sizes[1] ?? 0 };
    }
    const native = [nativeSize?.width, nativeSize?.height];
    if (!sizes.every((side, i) => side === native[i & 1])) nativeSize = null;
    return own.every((count) => count === channels);
  };

  return {
    async add(decoded, rows) {
      if (!fits(decoded)) return false;
      records.add(rows, decoded.sha256);
      await file.append(decoded.pixels);
      return true;
    },
    async keepAs(key, quarantine, unread) {
      await Promise.all([
        file.keepAs(pixelFile(cacheDir, key)),
        writeFileAtomic(recordsFile(cacheDir, key), records.bytes()),
      ]);
      const { count } = records;
      const index: PixelIndex = {
        format: 'evenset.pixels',
        formatVersion: FORMAT_VERSION,
        size,
        channels,
        count,
        nativeSize,
        quarantine: [...quarantine],
        unread: [...unread],
      };
      await writeIndex(cacheDir, key, index);
    },
    close: () => file.close(),
  };
}
