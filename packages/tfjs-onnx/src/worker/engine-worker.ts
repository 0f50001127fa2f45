import { parentPort, workerData } from 'node:worker_threads';
import { encodeError } from '../errors.js';
import { loadRuntime } from '../load-runtime.js';
import type { Reply, Request } from './open-worker.js';
import { openQueue } from './queue.js';
import { openSessionHost } from './session-host.js';
import { openTurnstile } from './turnstile.js';

// The entry of the engine's thread: loads onnxruntime, then carries out one request after the other.
const port = parentPort;
if (!port) throw new Error('Expected to run in a worker thread.');

const turnstile = openTurnstile(workerData as SharedArrayBuffer);
/** Requests take turns: what one step writes the next one reads. */
const queue = openQueue();
const opened = loadRuntime().then(({ runtime, version }) => ({
  version,
  host: openSessionHost(runtime),
}));
// Why it could not be opened is told to whoever asks.
opened.catch(() => undefined);

port.on('message', (request: Request) => {
  void queue(async () => {
    if (request.method === 'close') {
      port.close();
    } else if (turnstile.enter()) {
      const { reply, transfer } = await answer(request);
      port.postMessage(reply, transfer);
      turnstile.leave();
    }
  });
});

async function answer({ id, method, args }: Request) {
  try {
    const { host, version } = await opened;
    const methods = { ...host, open: () => version } as Record<
      string,
      (...args: readonly unknown[]) => unknown
    >;
    const value = await methods[method]?.(...args);
    return { reply: { id, value } satisfies Reply, transfer: buffersOf(value) };
  } catch (error) {
    return { reply: { id, error: encodeError(error) } satisfies Reply, transfer: [] };
  }
}

/** The buffers of an answer, which move instead of being copied. */
function buffersOf(value: unknown): ArrayBuffer[] {
  const arrays = Array.isArray(value) ? value : [value];
  return arrays.flatMap((item: unknown) =>
    item instanceof Float32Array ? [item.buffer as ArrayBuffer] : [],
  );
}
