import type { FileHandle } from 'node:fs/promises';
import { readInto } from './read-exactly.js';

/**
 * Reads records of a file that all have the same length.
 *
 * @param bytes of a record
 * @param numbers which ones
 * @returns them in this order, behind each other
 * @throws Error when the file ends before one of them
 */
export async function readRecords(
  handle: FileHandle,
  bytes: number,
  numbers: ArrayLike<number>,
): Promise<Uint8Array> {
  const records = new Uint8Array(numbers.length * bytes);
  await Promise.all(
    runsOf(numbers).map(({ at, from, length }) =>
      readInto(handle, from * bytes, records.subarray(at * bytes, (at + length) * bytes)),
    ),
  );
  return records;
}

/** Neighbours in one piece: one read instead of many. */
function runsOf(numbers: ArrayLike<number>): { at: number; from: number; length: number }[] {
  const runs: { at: number; from: number; length: number }[] = [];
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at] ?? 0;
    const last = runs.at(-1);
    if (last && number === last.from + last.length) last.length++;
    else runs.push({ at, from: number, length: 1 });
  }
  return runs;
}
