import type { Numbers } from './numbers.js';

/** The mean of what `map` makes of each value; NaN for none. */
export function meanOf(values: Numbers, map: (value: number) => number = (value) => value): number {
  let sum = 0;
  for (const value of values) sum += map(value);
  return sum / values.length;
}
