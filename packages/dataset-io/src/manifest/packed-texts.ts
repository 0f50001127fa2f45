import { textsOfRows, type RowTexts } from './row-texts.js';

/** Texts that are kept as one string. */
const PIECE = 1024;
/** Most characters of such a string: longer texts, which no path is, stay apart. */
const MOST_LENGTH = 1 << 24;

/** A growing list of texts in little more memory than their characters take: there may be millions. */
export interface PackedTexts extends RowTexts {
  push(text: string | null): void;
}

/** Texts behind each other in one string, or as they came, and where each ends in that string. */
interface Piece {
  readonly texts: string | readonly (string | null)[];
  readonly ends: Uint32Array;
}

/** Opens an empty list. */
export function openPackedTexts(): PackedTexts {
  const pieces: Piece[] = [];
  let last: (string | null)[] = [];
  let length = 0;
  /** Rows without a text. */
  const nulls = new Set<number>();

  const at = (row: number) => {
    const piece = pieces[Math.floor(row / PIECE)];
    const place = row % PIECE;
    if (!piece) return row < length ? last[place] : undefined;
    const { texts, ends } = piece;
    if (typeof texts !== 'string') return texts[place];
    return nulls.has(row) ? null : texts.slice(ends[place - 1] ?? 0, ends[place]);
  };
  return {
    get length() {
      return length;
    },
    at,
    push(text) {
      if (text === null) nulls.add(length);
      length++;
      if (last.push(text) < PIECE) return;
      pieces.push(packed(last));
      last = [];
    },
    [Symbol.iterator]: () => textsOfRows(length, at),
  };
}

function packed(texts: readonly (string | null)[]): Piece {
  let length = 0;
  const ends = Uint32Array.from(texts, (text) => (length += text?.length ?? 0));
  return { texts: length > MOST_LENGTH ? texts : texts.join(''), ends };
}
