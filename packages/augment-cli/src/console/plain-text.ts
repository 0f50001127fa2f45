/** Control characters, line separators, and marks that turn the direction of what follows. */
const hidden = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text from a data set as a terminal can show it: what would move the cursor or hide something is spelled out. */
export function plainText(text: string): string {
  return text.replace(hidden, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}
