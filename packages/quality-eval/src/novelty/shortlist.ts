/** How many candidates are recomputed exactly. */
const LENGTH = 5;

/** A candidate neighbour with a copy of its pixels. */
interface ShortlistEntry {
  readonly rank: number;
  readonly position: number;
  readonly pixels: Uint8Array;
}

/** The best few references of one query, by an approximate rank. */
export interface Shortlist {
  readonly entries: readonly ShortlistEntry[];
  /** The rank that a newcomer has to beat. */
  readonly worst: number;
  /** Takes the image of `size` bytes at `offset` of `block` in, in place of the worst entry; once per position. */
  add(rank: number, position: number, block: Uint8Array, offset: number): void;
}

/**
 * An empty shortlist for images of `size` bytes.
 *
 * @param leaveOut a position that never enters: the query's own in leave-one-out searches
 */
export function shortlist(size: number, leaveOut = -1): Shortlist {
  const entries: ShortlistEntry[] = [];
  let worst = Infinity;
  return {
    entries,
    get worst() {
      return worst;
    },
    add(rank, position, block, offset) {
      if (position === leaveOut) return;
      const evicted = entries.length === LENGTH ? entries.pop() : undefined;
      const pixels = evicted?.pixels ?? new Uint8Array(size);
      pixels.set(block.subarray(offset, offset + size));
      const at = entries.findIndex((entry) => entry.rank > rank);
      entries.splice(at < 0 ? entries.length : at, 0, { rank, position, pixels });
      worst = entries.length === LENGTH ? (entries.at(-1)?.rank ?? Infinity) : Infinity;
    },
  };
}
