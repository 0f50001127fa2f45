/** Positions of which no earlier one has the same key. */
export function firstOfEach(
  positions: Int32Array,
  keyOf: (position: number) => number,
): Int32Array {
  const seen = new Set<number>();
  return positions.filter((position) => {
    const key = keyOf(position);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
