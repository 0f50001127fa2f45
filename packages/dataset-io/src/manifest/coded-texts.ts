import { textsOfRows, type RowTexts } from './row-texts.js';

/** A growing list of few different texts, each kept once: a few words fill a column of millions. */
export interface CodedTexts {
  /** Different texts, in the order in which they come. */
  readonly texts: readonly string[];
  /** Adds `count` rows. */
  add(count: number, textOf: (index: number) => string | null): void;
  /** Position in `texts` of each row's, -1 for a null. */
  codes(): Int32Array;
}

/** Opens an empty list. */
export function openCodedTexts(): CodedTexts {
  const texts: string[] = [];
  const known = new Map<string, number>();
  const codeOf = (text: string | null): number => {
    if (text === null) return -1;
    const code = known.get(text);
    if (code !== undefined) return code;
    // A copy: the text may be a part of its whole column's, which it would keep in memory.
    const own = Buffer.from(text).toString();
    known.set(own, texts.length);
    return texts.push(own) - 1;
  };
  const parts: Int32Array[] = [];
  return {
    texts,
    add(count, textOf) {
      parts.push(Int32Array.from({ length: count }, (_, index) => codeOf(textOf(index))));
    },
    codes: () => joined(parts),
  };
}

/** The texts that codes stand for. */
export function decodedTexts(texts: readonly string[], codes: Int32Array): RowTexts {
  const at = (row: number) => {
    const code = codes[row];
    return code === undefined ? undefined : (texts[code] ?? null);
  };
  return { length: codes.length, at, [Symbol.iterator]: () => textsOfRows(codes.length, at) };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}
