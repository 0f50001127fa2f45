/** A block of a matrix with one value for each pair of a row of `a` and a row of `b`. */
export interface PairBlock {
  /** The first row of `a`, and how many. */
  readonly rowFrom: number;
  readonly rows: number;
  /** The first row of `b`, and how many. */
  readonly columnFrom: number;
  readonly columns: number;
  /** float32 [at least rows, stride], of which [rows, columns] count. */
  readonly values: Float32Array;
  readonly stride: number;
}

/** Something measured on all pairs of rows of two matrices, block by block: memory does not grow with their number. */
export interface PairBlocks {
  /** Values per row. */
  readonly dimensions: number;
  /**
   * The blocks of all pairs, those of the first rows of `a` first, and among them those of the first rows of `b`.
   * A block's values belong to whoever receives it.
   *
   * @param a [m, dimensions]
   * @param b [n, dimensions]
   */
  blocks(a: Float32Array, b: Float32Array): AsyncGenerator<PairBlock>;
  dispose(): Promise<void>;
}
