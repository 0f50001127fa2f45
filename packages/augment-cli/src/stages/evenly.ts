/** At most `most` of the numbers below `count`, from 0 on at even distances. */
function evenly(count: number, most: number): number[] {
  const length = Math.min(count, most);
  return Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}

/** At most `most` positions, at even distances. */
export function somePositions(positions: Int32Array, most: number): Int32Array {
  return Int32Array.from(evenly(positions.length, most), (at) => positions[at] ?? -1);
}

/** At most `most` items, at even distances. */
export function someOf<T>(items: readonly T[], most: number): T[] {
  return evenly(items.length, most).flatMap((at) => items.slice(at, at + 1));
}
