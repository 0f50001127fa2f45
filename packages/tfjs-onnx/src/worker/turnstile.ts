/** Cells of the shared memory. */
const BUSY = 0;
const CLOSED = 1;
/** A step may take this long before a process that ends stops waiting for it. */
const MAX_WAIT_MS = 60_000;

/**
 * Lets the worker thread end between two requests only: onnxruntime aborts the whole process when its thread
 * is stopped while a graph runs.
 */
export interface Turnstile {
  /** Memory that both threads share, to open the same turnstile in the other one. */
  readonly memory: SharedArrayBuffer;
  /** Worker: whether a request may begin. */
  enter(): boolean;
  /** Worker: the request is done. */
  leave(): void;
  /** Main thread: no request begins any more. */
  close(): void;
  /** Main thread: blocks until the request that has begun is done; for a process that ends. */
  waitUntilIdle(): void;
}

/** Opens a turnstile, or the one of the other thread. */
export function openTurnstile(memory = new SharedArrayBuffer(8)): Turnstile {
  const cells = new Int32Array(memory);
  const leave = () => {
    Atomics.store(cells, BUSY, 0);
    Atomics.notify(cells, BUSY);
  };
  return {
    memory,
    enter() {
      Atomics.store(cells, BUSY, 1);
      // Looked at after BUSY is set, so that no request begins unseen.
      const isOpen = Atomics.load(cells, CLOSED) === 0;
      if (!isOpen) leave();
      return isOpen;
    },
    leave,
    close() {
      Atomics.store(cells, CLOSED, 1);
    },
    waitUntilIdle() {
      Atomics.wait(cells, BUSY, 1, MAX_WAIT_MS);
    },
  };
}
