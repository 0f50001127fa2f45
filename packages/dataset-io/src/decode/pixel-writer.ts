import { join } from 'node:path';
import type { QuarantineEntry } from '../errors.js';
import { removeTemporaryFiles } from '../files/remove-temporary-files.js';
import { naming, openTemporary } from '../files/write-file-atomic.js';
import type { DecodedBatch } from './decode-batch.js';
import type { DecodeOptions } from './decode-options.js';
import { FORMAT_VERSION, pixelFile, writeIndex, type PixelIndex } from './pixel-cache.js';
import { removeUnusedEntries } from './remove-unused-entries.js';
import { HASH, openRowRecords } from './row-records.js';

/** Nobody writes one entry for so long: a day. */
const STALE_MS = 24 * 60 * 60 * 1000;

/** Puts decoded images into the cache as they come. */
export interface PixelWriter {
  /**
   * Takes the images of a batch that could be read; `rows` holds the manifest row of each place.
   *
   * @returns false when grey and colour images are mixed, which no cache entry holds
   */
  add(decoded: DecodedBatch, rows: ArrayLike<number>): Promise<boolean>;
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
  const name = join(cacheDir, 'pixels');
  const file = await openTemporary(name);
  const records = openRowRecords();
  let channels: 1 | 3 = wanted === 'auto' ? 1 : wanted;
  let nativeSize: PixelIndex['nativeSize'] = null;

  const take = (decoded: DecodedBatch, place: number, row: number): boolean => {
    const ownChannels = decoded.channels[place] === 1 ? 1 : 3;
    const [width, height] = [decoded.sizes[place * 2] ?? 0, decoded.sizes[place * 2 + 1] ?? 0];
    const isFirst = records.count === 0;
    if (!isFirst && ownChannels !== channels) return false;
    channels = ownChannels;
    if (isFirst) nativeSize = { width, height };
    else if (width !== nativeSize?.width || height !== nativeSize.height) nativeSize = null;
    records.push(row, decoded.sha256.subarray(place * HASH, (place + 1) * HASH));
    return true;
  };

  return {
    async add(decoded, rows) {
      for (let place = 0; place < rows.length; place++) {
        const isRead = !decoded.failures.has(place);
        if (isRead && !take(decoded, place, rows[place] ?? 0)) return false;
      }
      await naming(name, () => file.handle.writeFile(decoded.pixels));
      return true;
    },
    async keepAs(key, quarantine, unread) {
      await file.keepAs(pixelFile(cacheDir, key));
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
      await writeIndex(cacheDir, key, index, records.bytes());
    },
    close: () => file.close(),
  };
}
