/** A measured value and how sure it is. */
export interface Estimate {
  readonly value: number;
  /** From where to where it lies with a confidence of 95 %. */
  readonly interval: readonly [number, number];
}
