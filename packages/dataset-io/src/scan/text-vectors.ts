import { Dictionary, Int32, Utf8, makeData, makeVector, type Vector } from 'apache-arrow';
import { ManifestError } from '../errors.js';

/** Texts that are joined to one: all together could be longer than a string may be. */
const SLICE = 1 << 14;

/** Texts as an Arrow column; the library's own builder takes ten times as long. */
export function textVector(texts: readonly string[]): Vector<Utf8> {
  const valueOffsets = new Int32Array(texts.length + 1);
  // Of one byte a character, most of them; grows for others.
  let data = Buffer.allocUnsafeSlow(texts.reduce((sum, text) => sum + text.length, 0));
  let end = 0;
  for (let from = 0; from < texts.length; from += SLICE) {
    const slice = texts.slice(from, from + SLICE);
    const whole = slice.join('');
    const isAscii = Buffer.byteLength(whole) === whole.length;
    slice.forEach((text, i) => {
      end += isAscii ? text.length : Buffer.byteLength(text);
      valueOffsets[from + i + 1] = end;
    });
    if (end > data.length) data = Buffer.concat([data], 2 * end);
    // Apart where a text may end in half a character, which would join the next one's other half.
    const [begin = 0] = valueOffsets.subarray(from);
    if (isAscii) data.write(whole, begin, 'latin1');
    else slice.forEach((text, i) => data.write(text, valueOffsets[from + i] ?? 0));
  }
  const type = new Utf8();
  const { length } = texts;
  const bytes = data.subarray(0, end);
  return makeVector(makeData({ type, length, nullCount: 0, valueOffsets, data: bytes }));
}

/** A dictionary that columns of one file share. */
export interface TextDictionary {
  readonly type: Dictionary<Utf8, Int32>;
  /** @throws ManifestError on a text that the dictionary does not have */
  vectorOf(texts: readonly (string | null)[]): Vector<Dictionary<Utf8, Int32>>;
}

/** Opens the dictionary of few different texts that fill many rows. */
export function openDictionary(words: readonly string[]): TextDictionary {
  const type = new Dictionary(new Utf8(), new Int32());
  const dictionary = textVector(words);
  const codes = new Map(words.map((word, code) => [word, code]));
  const codeOf = (text: string): number => {
    const code = codes.get(text);
    if (code !== undefined) return code;
    throw new ManifestError(`"${text}" is new: the listing changed while it was scanned.`);
  };
  return {
    type,
    vectorOf(texts) {
      const data = new Int32Array(texts.length);
      const nullBitmap = new Uint8Array(Math.ceil(texts.length / 8));
      let nullCount = 0;
      texts.forEach((text, i) => {
        if (text === null) {
          nullCount++;
          return;
        }
        data[i] = codeOf(text);
        nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
      });
      const nulls = { nullCount, nullBitmap: nullCount > 0 ? nullBitmap : null };
      return makeVector(makeData({ type, length: texts.length, ...nulls, data, dictionary }));
    },
  };
}
