import { openPackedTexts } from '../manifest/packed-texts.js';
import type { RowTexts } from '../manifest/row-texts.js';

/** Files in the order in which they are to be scanned: there may be millions. */
export interface FoundFiles {
  readonly count: number;
  /** Folders with files, in the order in which they come. */
  readonly folders: ReadonlySet<string>;
  add(folder: string, name: string): void;
  /** Neighbours of one folder together, once there come no more. */
  runs(): Generator<{ readonly folder: string; readonly names: Iterable<string> }>;
}

/** Opens an empty list. */
export function openFoundFiles(): FoundFiles {
  const names = openPackedTexts();
  const folders = new Set<string>();
  const runs: { readonly folder: string; readonly from: number }[] = [];
  function* namesOf(all: RowTexts, from: number, to: number) {
    for (let at = from; at < to; at++) yield all.at(at) ?? '';
  }
  return {
    get count() {
      return names.length;
    },
    folders,
    add(folder, name) {
      if (runs.at(-1)?.folder !== folder) runs.push({ folder, from: names.length });
      folders.add(folder);
      names.push(name);
    },
    *runs() {
      const all = names.rows();
      for (const [at, { folder, from }] of runs.entries()) {
        yield { folder, names: namesOf(all, from, runs[at + 1]?.from ?? all.length) };
      }
    },
  };
}
