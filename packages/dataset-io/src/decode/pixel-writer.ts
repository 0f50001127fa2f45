import { join } from 'node:path';
import type { QuarantineEntry } from '../errors.js';
import { readPieces } from '../files/read-exactly.js';
import { removeTemporaryFiles, STALE_MS } from '../files/remove-temporary-files.js';
import { openTemporary } from '../files/write-file-atomic.js';
import type { DecodedBatch } from './decode-batch.js';
import type { DecodeOptions } from './decode-options.js';
import { FORMAT_VERSION, pixelFile, pixelTail, type PixelIndex } from './pixel-cache.js';
import { removeUnusedEntries } from './remove-unused-entries.js';
import { openRowRecords } from './row-records.js';
import { toChannels } from './to-channels.js';

/** Puts decoded images into the cache as they come. */
export interface PixelWriter {
  /**
   * Takes the images of a batch that could be read, and the manifest row of each. Once there is one in colour, all
   * are kept in colour.
   */
  add(decoded: DecodedBatch, rows: Int32Array): Promise<void>;
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
  let file = await openTemporary(name);
  const records = openRowRecords(name);
  let channels: 1 | 3 = wanted === 'auto' ? 1 : wanted;
  let nativeSize: PixelIndex['nativeSize'] = null;

  const compareSizes = (sizes: Int32Array): void => {
    const isFirst = records.count === 0 && sizes.length > 0;
    if (isFirst) nativeSize = { width: sizes[0] ?? 0, height: sizes[1] ?? 0 };
    const native = [nativeSize?.width, nativeSize?.height];
    if (!sizes.every((side, i) => side === native[i & 1])) nativeSize = null;
  };
  /** Puts the grey images so far into a file in colour. */
  const widen = async (): Promise<void> => {
    const grey = file;
    file = await openTemporary(name);
    try {
      for await (const piece of readPieces(grey.handle, 0, records.count * size * size)) {
        await file.append(toChannels(piece, 1, 3));
      }
    } finally {
      await grey.close();
    }
  };

  return {
    async add(decoded, rows) {
      if (channels === 1 && decoded.channels.includes(3)) {
        channels = 3;
        if (records.count > 0) await widen();
      }
      compareSizes(decoded.sizes);
      await records.add(rows, decoded.sha256);
      await file.append(channels === 3 ? inColour(decoded, size) : decoded.pixels);
    },
    async keepAs(key, quarantine, unread) {
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
      await records.appendTo(file);
      await file.append(pixelTail(index));
      await file.keepAs(pixelFile(cacheDir, key));
    },
    async close() {
      await file.close();
      await records.close();
    },
  };
}

/** The pixels of a batch in colour, grey ones included. */
function inColour({ channels, pixels }: DecodedBatch, size: number): Uint8Array {
  if (!channels.includes(1)) return pixels;
  const colour = new Uint8Array(channels.length * size * size * 3);
  let from = 0;
  channels.forEach((own, i) => {
    const image = pixels.subarray(from, from + size * size * own);
    from += image.length;
    colour.set(toChannels(image, own, 3), i * size * size * 3);
  });
  return colour;
}
