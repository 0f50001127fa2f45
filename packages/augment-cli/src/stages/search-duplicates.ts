import { findDuplicates, type Duplicates, type PixelStore } from '@evenset/dataset-io';
import type { CommandContext } from '../command.js';
import type { Progress } from '../console/progress.js';

/** A search that is done sooner shows no progress. */
const SHORT_MS = 1000;

/** Finds duplicates among the images of a store, and shows how far it is where that takes long. */
export async function searchDuplicates(
  store: PixelStore,
  { narrator, signal }: CommandContext,
): Promise<Duplicates> {
  const start = performance.now();
  let bar: Progress | undefined;
  const onProgress = (share: number) => {
    if (performance.now() - start < SHORT_MS) return;
    const done = Math.floor(share * store.count);
    bar ??= narrator.progress('compare', store.count, 'images', done);
    bar.update(done);
  };
  try {
    const duplicates = await findDuplicates(store, { signal, onProgress });
    bar?.update(store.count);
    return duplicates;
  } finally {
    bar?.stop();
  }
}
