import { batchesOf } from '../files/batches-of.js';
import { mapAhead } from '../files/map-ahead.js';
import type { DecodedBatch } from './decode-batch.js';
import type { DecodeOptions } from './decode-options.js';
import type { ImageSource } from './read-source.js';
import { runDecodeTask, THREADS } from './run-decode-task.js';

/** Most images per task, where their bytes come with the task and where the thread reads files one by one. */
const BATCH = { bytes: 32, files: 128 };
/** Tasks per thread that there should be at least: at the end, threads wait for the last one. */
const TASKS = 32;
/** Tasks at work or waiting: what memory is bounded by. While the workers start, this thread gets that far. */
const AHEAD = 4 * THREADS;

/**
 * Decoded images, a batch at a time and in order, on all cores. A batch's pixels are overwritten once the next
 * batch is asked for.
 */
export async function* decodeImages<T extends { readonly source: ImageSource }>(
  images: Iterable<T> | AsyncIterable<T>,
  { count, kind }: { readonly count: number; readonly kind: 'bytes' | 'files' },
  { size, channels, fit, background }: DecodeOptions,
): AsyncGenerator<{ readonly images: readonly T[]; readonly decoded: DecodedBatch }> {
  const length = Math.max(1, Math.min(BATCH[kind], Math.ceil(count / (TASKS * THREADS))));
  const options = { size, channels, fit, background };
  const left = new AbortController();
  // Used again and again: the collector is in no hurry to give shared memory back.
  const spare: SharedArrayBuffer[] = [];
  const batches = mapAhead(batchesOf(images, length), AHEAD, async (batch) => {
    const memory = spare.pop() ?? new SharedArrayBuffer(length * size * size * 3);
    const sources = batch.map(({ source }) => source);
    const decoded = await runDecodeTask({ sources, options, memory }, left.signal);
    return { images: batch, memory, decoded };
  });
  try {
    for await (const batch of batches) {
      yield batch;
      spare.push(batch.memory);
    }
  } finally {
    // Whoever leaves early needs no more images.
    left.abort();
  }
}
