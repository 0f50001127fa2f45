/** An option's key as its flag, without the leading dashes: min-score of minScore. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
