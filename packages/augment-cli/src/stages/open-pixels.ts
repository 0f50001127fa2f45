import {
  openPixelStore,
  type DecodeOptions,
  type Manifest,
  type PixelStore,
  type QuarantineEntry,
} from '@evenset/dataset-io';
import type { CommandContext } from '../command.js';
import { defaultCacheDir } from '../run/cache-dir.js';

/** How images are read. */
export interface ReadOptions extends DecodeOptions {
  readonly allowOutside: boolean;
  readonly cacheDir?: string | undefined;
}

/**
 * Opens the decoded pixels of some rows of a manifest and shows how far it is.
 *
 * @param title of the progress
 * @param quarantine takes what cannot be read
 */
export async function openPixels(
  manifest: Manifest,
  {
    title,
    rows,
    quarantine,
  }: { title: string; rows: ArrayLike<number>; quarantine: QuarantineEntry[] },
  options: ReadOptions,
  { narrator, signal }: CommandContext,
): Promise<PixelStore> {
  const bar = rows.length > 0 ? narrator.progress(title, rows.length, 'images') : undefined;
  return openPixelStore(manifest, {
    ...options,
    rows,
    cacheDir: options.cacheDir ?? defaultCacheDir(),
    signal,
    onProgress: (done) => {
      bar?.update(done);
    },
    onQuarantine: (entry) => quarantine.push(entry),
  }).finally(() => {
    bar?.stop();
  });
}
