import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { batchesOf } from '../files/batches-of.js';
import { mapAhead } from '../files/map-ahead.js';
import type { DecodeOptions } from './decode-options.js';
import type { DecodedBatch } from './image-worker.js';
import type { BatchFacts } from './read-batch.js';
import type { ImageSource } from './read-source.js';

/** Most images per task, where their bytes come with the task and where the thread reads files one by one. */
const BATCH = { bytes: 64, files: 256 };
/** Tasks per thread that there should be at least. */
const TASKS = 8;
/** Threads without work end after this time. */
const IDLE_MS = 2_000;

const threads = availableParallelism();
/** One batch at work in each thread and one waiting: what memory is bounded by. */
const AHEAD = 2 * threads;

let pool: Piscina | undefined;

/** Runs a function of image-worker in one of the process's worker threads, which do not keep it alive. */
function runInWorker<R>(name: string, task: unknown): Promise<R> {
  pool ??= openPool();
  return pool.run(task, { name }) as Promise<R>;
}

function openPool(): Piscina {
  // The worker as it was compiled, also where the package's TypeScript sources run.
  const file = createRequire(import.meta.url).resolve('@evenset/dataset-io/image-worker');
  return new Piscina({
    filename: pathToFileURL(file).href,
    maxThreads: threads,
    minThreads: 0,
    idleTimeout: IDLE_MS,
    atomics: 'async',
  });
}

function batchSize(count: number, kind: 'bytes' | 'files'): number {
  return Math.max(1, Math.min(BATCH[kind], Math.ceil(count / (TASKS * threads))));
}

/** Starts the threads, which takes as long as to list a folder. */
export function startThreads(): void {
  for (let thread = 0; thread < threads; thread++)
    runInWorker('stampFiles', []).catch(() => undefined);
}

/** Sizes and hashes of files, a batch at a time and in order, on all cores. */
export function inspectInParallel(files: readonly string[]): AsyncGenerator<BatchFacts> {
  const batches = batchesOf(files, batchSize(files.length, 'files'));
  return mapAhead(batches, AHEAD, (batch) => runInWorker('inspectFiles', batch));
}

/** What tells one version of a file from another, a batch at a time and in order, on all cores. */
export function stampInParallel(
  files: Iterable<string>,
  count: number,
): AsyncGenerator<{ readonly files: readonly string[]; readonly stamps: Float64Array }> {
  const batches = batchesOf(files, batchSize(count, 'files'));
  return mapAhead(batches, AHEAD, async (batch) => {
    return { files: batch, stamps: await runInWorker<Float64Array>('stampFiles', batch) };
  });
}

/**
 * Decoded images, a batch at a time and in order, on all cores. A batch's pixels are overwritten once the next
 * batch is asked for.
 */
export async function* decodeInParallel<T extends { readonly source: ImageSource }>(
  images: Iterable<T> | AsyncIterable<T>,
  { count, kind }: { readonly count: number; readonly kind: 'bytes' | 'files' },
  { size, channels, fit, background }: DecodeOptions,
): AsyncGenerator<{ readonly images: readonly T[]; readonly decoded: DecodedBatch }> {
  const length = batchSize(count, kind);
  const options = { size, channels, fit, background };
  // Used again and again: the collector is in no hurry to give shared memory back.
  const spare: SharedArrayBuffer[] = [];
  const batches = mapAhead(batchesOf(images, length), AHEAD, async (batch) => {
    const memory = spare.pop() ?? new SharedArrayBuffer(length * size * size * 3);
    const sources = batch.map(({ source }) => source);
    const task = { sources, options, memory };
    return {
      images: batch,
      memory,
      decoded: await runInWorker<DecodedBatch>('decodeImages', task),
    };
  });
  for await (const batch of batches) {
    yield batch;
    spare.push(batch.memory);
  }
}
