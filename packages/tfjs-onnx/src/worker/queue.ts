/** Runs work in the order in which it came, one at a time. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** An empty queue; work that fails does not hold up what comes after it. */
export function openQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
