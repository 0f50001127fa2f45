import { Worker, type ResourceLimits } from 'node:worker_threads';
import { crashOf, decodeError, type EngineCrashedError, type ErrorMessage } from '../errors.js';
import type { SessionHost } from './session-host.js';
import { openTurnstile } from './turnstile.js';

/** What the worker thread is asked. */
export interface Request {
  readonly id: number;
  readonly method: keyof SessionHost | 'open' | 'close';
  readonly args: readonly unknown[];
}

/** What it answers. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorMessage };

/** A session host in a thread of its own, asked from this one. */
export interface EngineWorker {
  /** Version of onnxruntime-node. */
  readonly version: string;
  /**
   * Calls a method of the host; calls are carried out in the order in which they come.
   *
   * @param transfer buffers that move to the thread instead of being copied
   * @throws what the method throws, or EngineCrashedError when the thread is no more
   */
  call<M extends keyof SessionHost>(
    method: M,
    args: Parameters<SessionHost[M]>,
    transfer?: readonly ArrayBuffer[],
  ): Promise<Awaited<ReturnType<SessionHost[M]>>>;
  /** Ends the thread after the call that it is at; all others are given up. */
  close(): Promise<void>;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts the worker thread. It does not keep the process alive while it has nothing to do.
 *
 * @throws EngineUnavailableError when onnxruntime-node cannot be loaded there
 */
export async function openWorker(
  file: URL,
  resourceLimits: ResourceLimits = {},
): Promise<EngineWorker> {
  const turnstile = openTurnstile();
  const worker = new Worker(file, { resourceLimits, workerData: turnstile.memory });
  const pending = new Map<number, Pending>();
  let calls = 0;
  let end: EngineCrashedError | undefined;

  const fail = (reason: string) => {
    end ??= crashOf(reason);
    for (const { reject } of pending.values()) reject(end);
    pending.clear();
  };
  const leave = () => {
    turnstile.close();
    turnstile.waitUntilIdle();
  };
  process.once('exit', leave);
  worker.on('message', (reply: Reply) => {
    const call = pending.get(reply.id);
    pending.delete(reply.id);
    if (pending.size === 0 && !end) worker.unref();
    if ('error' in reply) call?.reject(decodeError(reply.error));
    else call?.resolve(reply.value as never);
  });
  worker.on('error', ({ message }) => {
    fail(message);
  });
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      process.off('exit', leave);
      fail(`exit code ${code}`);
      resolve();
    });
  });

  function ask<R>(
    method: Request['method'],
    args: readonly unknown[],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<R> {
    if (end) return Promise.reject(end);
    return new Promise<R>((resolve, reject) => {
      const id = calls++;
      pending.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, method, args } satisfies Request, transfer);
    });
  }

  async function close(): Promise<void> {
    if (!end) {
      turnstile.close();
      ask('close', []).catch(() => undefined);
      fail('it was disposed of');
    }
    await exited;
  }

  const version = await ask<string>('open', []).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { version, call: (method, args, transfer) => ask(method, args, transfer), close };
}
