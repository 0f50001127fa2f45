import type { Action, Change, Decision } from './protocol.js';

/** One action as the journal keeps it: what it changed. */
export interface JournalEntry {
  readonly act: 'decide' | 'undo';
  readonly changes: readonly Change[];
}

/** What is decided, how it came about, and the way back. */
export interface Decisions {
  /** How many entries have been applied. */
  readonly version: number;
  /** How many actions can be undone. */
  readonly undoable: number;
  /** Decision by row, for every row that can be decided on. */
  readonly reviews: ReadonlyMap<number, Decision>;
  /** What an action would change; undefined for nothing. */
  entryOf(action: Action): JournalEntry | undefined;
  /** Applies an entry; what it returns takes it back, the last one first. */
  apply(entry: JournalEntry): () => void;
  changesSince(version: number): readonly Change[];
}

/**
 * Opens the decisions on some rows.
 *
 * @param initial decision by row, for every row that can be decided on
 */
export function openDecisions(initial: Iterable<readonly [number, Decision]>): Decisions {
  const reviews = new Map(initial);
  const entries: JournalEntry[] = [];
  /** What each action that can be undone found. */
  const found: (readonly Change[])[] = [];
  const set = (changes: readonly Change[]) => {
    for (const [row, review] of changes) reviews.set(row, review);
  };
  return {
    reviews,
    get version() {
      return entries.length;
    },
    get undoable() {
      return found.length;
    },
    entryOf(action) {
      if ('undo' in action) {
        const changes = found.at(-1);
        return changes && { act: 'undo', changes };
      }
      const changes = [...new Set(action.rows)]
        .filter((row) => reviews.get(row) !== action.review)
        .map((row): Change => [row, action.review]);
      return changes.length > 0 ? { act: 'decide', changes } : undefined;
    },
    apply(entry) {
      const before = entry.changes.map(([row]): Change => [row, reviews.get(row) ?? null]);
      const undone = entry.act === 'undo' ? found.pop() : undefined;
      if (entry.act === 'decide') found.push(before);
      set(entry.changes);
      entries.push(entry);
      return () => {
        entries.pop();
        set(before);
        if (undone) found.push(undone);
        else found.pop();
      };
    },
    changesSince: (version) => entries.slice(version).flatMap(({ changes }) => changes),
  };
}
