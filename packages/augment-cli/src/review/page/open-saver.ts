import type { Action, SaveReply, SaveRequest } from '../protocol.js';

/** Longest wait between two attempts. */
const LONGEST_WAIT_MS = 8000;
/** How long after a save the page asks whether the manifest has followed. */
const FOLLOW_MS = 1500;

/** How saving stands. */
export interface SaverStatus {
  /** Actions that are not on disk yet. */
  readonly waiting: number;
  /** Why the last attempt failed. */
  readonly error: string | null;
  /** Why the reviewed manifest could not be written. */
  readonly manifestError: string | null;
  readonly isManifestBehind: boolean;
}

/** Sends actions in their order, one request at a time, until each is on disk. */
export interface Saver {
  add(action: Action): void;
  /** Asks for what other pages of this review have done. */
  sync(): void;
}

/**
 * Opens the way to the server.
 *
 * @param onReply given what was saved and the actions that still wait
 */
export function openSaver(
  version: number,
  onReply: (reply: SaveReply, waiting: readonly Action[]) => void,
  onStatus: (status: SaverStatus) => void,
): Saver {
  const page = crypto.randomUUID();
  let since = version;
  /** Actions that are on disk. */
  let saved = 0;
  let waiting: Action[] = [];
  let isAsked = false;
  let isBusy = false;
  let error: string | null = null;
  let manifest: SaveReply['manifest'] = { isBehind: false, error: null };
  let attempts = 0;
  let timer = 0;

  const tell = () => {
    const { isBehind: isManifestBehind, error: manifestError } = manifest;
    onStatus({ waiting: waiting.length, error, manifestError, isManifestBehind });
  };

  /** Sends what waits, unless a request is under way: its end sends again. */
  async function send(): Promise<void> {
    if (isBusy || (waiting.length === 0 && !isAsked)) return;
    window.clearTimeout(timer);
    isBusy = true;
    isAsked = false;
    const sent = waiting.length;
    const result = await post({ since, page, first: saved, actions: waiting });
    isBusy = false;
    if (typeof result === 'string') {
      error = result;
      const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** attempts++);
      timer = window.setTimeout(retry, wait);
    } else {
      error = null;
      attempts = 0;
      since = result.version;
      ({ manifest } = result);
      waiting = waiting.slice(sent);
      saved += sent;
      onReply(result, waiting);
      if (manifest.isBehind) timer = window.setTimeout(retry, FOLLOW_MS);
    }
    tell();
    if (error === null) void send();
  }

  function retry(): void {
    isAsked = true;
    void send();
  }

  return {
    add(action) {
      waiting.push(action);
      // A failure is told until an attempt succeeds; its timer tries.
      if (error === null) void send();
      tell();
    },
    sync: retry,
  };
}

/** The reply, or why there is none. */
async function post(request: SaveRequest): Promise<SaveReply | string> {
  let response: Response;
  try {
    response = await fetch('save', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
  } catch {
    return 'augment review does not answer; is it still running?';
  }
  try {
    const content = (await response.json()) as SaveReply | { error: string };
    return 'error' in content ? content.error : content;
  } catch {
    return `augment review answered with status ${response.status}.`;
  }
}
