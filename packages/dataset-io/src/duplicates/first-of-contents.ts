import type { PixelStore } from '../decode/open-pixel-store.js';
import { HASH } from '../decode/row-records.js';

/** The first position with the same file content, for each image of a store, [count]. */
export async function firstOfContents(
  store: Pick<PixelStore, 'count' | 'hashes'>,
): Promise<Int32Array> {
  const firsts = new Int32Array(store.count);
  const known = new Map<string, number>();
  let position = 0;
  for await (const hashes of store.hashes()) {
    for (let at = 0; at < hashes.length; at += HASH, position++) {
      const content = hashes.toString('latin1', at, at + HASH);
      const first = known.get(content) ?? position;
      if (first === position) known.set(content, position);
      firsts[position] = first;
    }
  }
  return firsts;
}
