import { textsOfRows, type RowTexts } from './row-texts.js';

/** Texts that are kept as one string. */
const PIECE = 1024;
/** Most characters of such a string: longer texts, which no path is, stay apart. */
const MOST_LENGTH = 1 << 24;

/** A growing list of texts in little more memory than their characters take: there may be millions. */
export interface PackedTexts {
  readonly length: number;
  push(text: string | null): void;
  /** All of them, once there come no more. */
  rows(): RowTexts;
}

/** Texts behind each other in one string, or as they came, and where each ends in that string. */
interface Piece {
  readonly texts: string | readonly (string | null)[];
  readonly ends: Uint32Array;
}

const EMPTY: Piece = { texts: '', ends: new Uint32Array() };

/** Opens an empty list. */
export function openPackedTexts(): PackedTexts {
  const pieces: Piece[] = [];
  let last: (string | null)[] = [];
  let length = 0;
  /** Rows without a text. */
  const nulls = new Set<number>();

  const pack = () => {
    pieces.push(packed(last));
    last = [];
  };
  const at = (row: number) => {
    const { texts, ends } = pieces[Math.floor(row / PIECE)] ?? EMPTY;
    const place = row % PIECE;
    const end = ends[place];
    if (end === undefined) return undefined;
    if (typeof texts !== 'string') return texts[place];
    return nulls.has(row) ? null : texts.slice(ends[place - 1] ?? 0, end);
  };
  return {
    get length() {
      return length;
    },
    push(text) {
      if (text === null) nulls.add(length);
      length++;
      if (last.push(text) === PIECE) pack();
    },
    rows() {
      // What is not packed may keep a column in memory whose parts its texts are.
      if (last.length > 0) pack();
      return { length, at, [Symbol.iterator]: () => textsOfRows(length, at) };
    },
  };
}

function packed(texts: readonly (string | null)[]): Piece {
  let length = 0;
  const ends = Uint32Array.from(texts, (text) => (length += text?.length ?? 0));
  return { texts: length > MOST_LENGTH ? texts : texts.join(''), ends };
}
