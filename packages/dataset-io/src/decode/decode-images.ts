import { batchesOf } from '../files/batches-of.js';
import { mapAhead } from '../files/map-ahead.js';
import type { DecodedBatch } from './decode-batch.js';
import type { DecodeOptions } from './decode-options.js';
import type { FolderRule, ImageSource } from './read-source.js';
import { runDecodeTask, THREADS } from './run-decode-task.js';

/** Most images per task, where their bytes come with the task and where the thread reads files one by one. */
const BATCH = { bytes: 32, files: 128 };
/** Bytes of pixels that a task makes at the most. */
const BATCH_PIXELS = 2 << 20;
/** Tasks per thread that there should be at least: at the end, threads wait for the last one. */
const TASKS = 32;
/** Tasks at work or waiting: what memory is bounded by. While the workers start, this thread gets that far. */
const AHEAD = 4 * THREADS;

/** What is to be decoded. */
export interface DecodeWork<T> {
  readonly images: Iterable<T> | AsyncIterable<T>;
  readonly count: number;
  /** Whether images are files, or bytes at hand. */
  readonly kind: 'bytes' | 'files';
  /** Where files have to lie; undefined: anywhere. */
  readonly below: FolderRule | undefined;
  readonly sourceOf: (image: T) => ImageSource;
}

/** A batch of it. */
export interface Decoded<T> {
  /** Images that could be read: the decoded batch is of these, in this order. */
  readonly read: readonly T[];
  /** The others, in their order. */
  readonly failed: readonly Failed<T>[];
  readonly decoded: DecodedBatch;
}

/** An image that could not be read. */
interface Failed<T> {
  readonly image: T;
  readonly reason: string;
  /** Whether its file is there, so that it may be otherwise the next time. */
  readonly isUnread: boolean;
}

/**
 * Decoded images, a batch at a time and in order, on all cores. A batch's pixels are overwritten once the next
 * batch is asked for.
 */
export async function* decodeImages<T>(
  { images, count, kind, below, sourceOf }: DecodeWork<T>,
  { size, channels, fit, background }: DecodeOptions,
): AsyncGenerator<Decoded<T>> {
  const most = Math.min(BATCH[kind], Math.floor(BATCH_PIXELS / (size * size * 3)));
  const length = Math.max(1, Math.min(most, Math.ceil(count / (TASKS * THREADS))));
  const options = { size, channels, fit, background };
  const left = new AbortController();
  // Used again and again: the collector is in no hurry to give shared memory back.
  const spare: SharedArrayBuffer[] = [];
  const batches = mapAhead(batchesOf(images, length), AHEAD, async (batch) => {
    const memory = spare.pop() ?? new SharedArrayBuffer(length * size * size * 3);
    const sources = batch.map(sourceOf);
    const decoded = await runDecodeTask({ sources, below, options, memory }, left.signal);
    const { failures, unread } = decoded;
    const read = batch.filter((_, place) => !failures.has(place));
    const failed = batch.flatMap((image, place): Failed<T>[] => {
      const reason = failures.get(place);
      return reason === undefined ? [] : [{ image, reason, isUnread: unread.includes(place) }];
    });
    return { read, failed, memory, decoded };
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
