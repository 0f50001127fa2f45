/** Shortest time from a request to its write: decisions that come fast are written together. */
const DELAY_MS = 500;
/** A write that takes long is made so much more seldom than it takes. */
const SHARE = 4;
/** Time from a failure to the next attempt. */
const RETRY_MS = 3000;

/** A file that is written again behind what happens, one write at a time. */
export interface LaggingWrite {
  readonly isBehind: boolean;
  /** What the last attempt failed with. */
  readonly error: string | null;
  /** Says that there is something new to write. */
  request(): void;
  /**
   * Writes what has not been written, at once, and is the last to write.
   *
   * @throws what the write throws
   */
  close(): Promise<void>;
}

/** Opens a file for lagging writes; `write` is never called while it is at work. */
export function openLaggingWrite(write: () => Promise<void>): LaggingWrite {
  let wanted = 0;
  let written = 0;
  let error: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let delay = DELAY_MS;
  let isClosed = false;

  async function writeOnce(): Promise<void> {
    if (written === wanted) return;
    const from = performance.now();
    const until = wanted;
    try {
      await write();
      written = until;
      error = null;
      delay = Math.max(DELAY_MS, SHARE * (performance.now() - from));
    } catch (cause) {
      error = (cause as Error).message;
      delay = RETRY_MS;
      throw cause;
    }
  }

  /** The next attempt, behind the one that runs. */
  function next(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const attempt = running.then(writeOnce);
    // What goes wrong is kept in `error`; whoever closes is told too.
    running = attempt.catch(() => undefined);
    return attempt;
  }

  function schedule(): void {
    timer ??= setTimeout(() => {
      next()
        .catch(() => undefined)
        .finally(() => {
          if (written < wanted && !isClosed) schedule();
        });
    }, delay);
  }

  return {
    get isBehind() {
      return written < wanted;
    },
    get error() {
      return error;
    },
    request() {
      wanted++;
      schedule();
    },
    close() {
      isClosed = true;
      return next();
    },
  };
}
