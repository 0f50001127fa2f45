import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { SHARE_ENV } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { DecodedBatch, DecodeTask } from './decode-batch.js';
import type { DecodeOptions } from './decode-options.js';

/** Threads that decode, the calling one included: it has little else to do meanwhile. */
export const THREADS = availableParallelism();

/** Workers without work end after this time. */
const IDLE_MS = 2_000;

/** What runs tasks, a few at a time. */
interface Lane {
  /** Tasks that it would take now. */
  free: number;
  run(task: DecodeTask, signal: AbortSignal): Promise<DecodedBatch>;
}

const workers = Math.max(1, THREADS - 1);

/** The calling thread, which starts at once, before the workers: each has one task in hand and one at work. */
const lanes: readonly Lane[] = [
  { free: 1, run: runHere },
  { free: 2 * workers, run: runInWorker },
];

/** Tasks that wait for a lane, the oldest first. */
const waiting: (() => void)[] = [];

/**
 * Runs a task in whichever thread is free first. The workers do not keep the process alive.
 *
 * @throws the signal's reason where it is aborted before the task is done
 */
export async function runDecodeTask(task: DecodeTask, signal: AbortSignal): Promise<DecodedBatch> {
  let lane = takeLane();
  while (!lane) {
    await new Promise<void>((resolve) => waiting.push(resolve));
    lane = takeLane();
  }
  try {
    signal.throwIfAborted();
    return await lane.run(task, signal);
  } finally {
    lane.free++;
    waiting.shift()?.();
  }
}

/** Starts the workers, which takes as long as to list a folder. */
export function startWorkers(options: DecodeOptions): void {
  const task = { sources: [], below: undefined, options, memory: new SharedArrayBuffer(0) };
  for (let worker = 0; worker < workers; worker++) runInWorker(task).catch(() => undefined);
}

function takeLane(): Lane | undefined {
  const lane = lanes.find(({ free }) => free > 0);
  if (lane) lane.free--;
  return lane;
}

async function runHere(task: DecodeTask, signal: AbortSignal): Promise<DecodedBatch> {
  const { decodeBatch } = await import('./decode-batch.js');
  return decodeBatch(task, signal);
}

let pool: Piscina<DecodeTask, DecodedBatch> | undefined;

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
    maxThreads: workers,
    minThreads: 0,
    idleTimeout: IDLE_MS,
    atomics: 'async',
    env: SHARE_ENV,
    // Every file is closed again by who opened it.
    trackUnmanagedFds: false,
  });
}
