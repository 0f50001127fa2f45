/** A typed array or a list of numbers. */
export type Numbers = ArrayLike<number> & Iterable<number>;
