import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { batchesOf } from '../files/batches-of.js';
import { mapAhead } from '../files/map-ahead.js';
import type { DecodedBatch, DecodeTask } from './decode-batch.js';
import type { DecodeOptions } from './decode-options.js';
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

let pool: Piscina<DecodeTask, DecodedBatch> | undefined;

/** Runs a task in one of the process's worker threads, which do not keep it alive. */
function runInWorker(task: DecodeTask): Promise<DecodedBatch> {
  pool ??= openPool();
  return pool.run(task);
}

function openPool(): Piscina<DecodeTask, DecodedBatch> {
  // The worker as it was compiled, also where the package's TypeScript sources run.
  const file = createRequire(import.meta.url).resolve('@evenset/dataset-io/decode-batch');
  return new Piscina({
    filename: pathToFileURL(file).href,
    name: 'decodeBatch',
    maxThreads: threads,
    minThreads: 0,
    idleTimeout: IDLE_MS,
    atomics: 'async',
  });
}

/** Starts the threads, which takes as long as to list a folder. */
export function startThreads(options: DecodeOptions): void {
  const task = { sources: [], options, memory: new SharedArrayBuffer(0) };
  for (let thread = 0; thread < threads; thread++) runInWorker(task).catch(() => undefined);
}

/**
 * Decoded images, a batch at a time and in order, on all cores. A batch's pixels are overwritten once the next
 * batch is asked for.
 */
export async function* decodeImages<T extends { readonly source: ImageSource }>(
  images: Iterable<T> | AsyncIterable<T>,
  { count, kind }: { readonly count: number; readonly kind: 'bytes' | 'files' },
  { size, channels, fit, background }: DecodeOptions,
): AsyncGenerator<{ readonly images: readonly T[]; readonly decoded: DecodedBatch }> {
  const length = Math.max(1, Math.min(BATCH[kind], Math.ceil(count / (TASKS * threads))));
  const options = { size, channels, fit, background };
  // Used again and again: the collector is in no hurry to give shared memory back.
  const spare: SharedArrayBuffer[] = [];
  const batches = mapAhead(batchesOf(images, length), AHEAD, async (batch) => {
    const memory = spare.pop() ?? new SharedArrayBuffer(length * size * size * 3);
    const sources = batch.map(({ source }) => source);
    const decoded = await runInWorker({ sources, options, memory });
    return { images: batch, memory, decoded };
  });
  for await (const batch of batches) {
    yield batch;
    spare.push(batch.memory);
  }
}
