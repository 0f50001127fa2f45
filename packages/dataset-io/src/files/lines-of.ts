import { createReadStream } from 'node:fs';

/** The lines of a text file that may be large, without their line feeds. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  /** What is there of a line so far. */
  let parts: string[] = [];
  for await (const piece of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const [first = '', ...others] = piece.split('\n');
    parts.push(first);
    const last = others.pop();
    if (last === undefined) continue;
    yield parts.join('');
    yield* others;
    parts = [last];
  }
  const rest = parts.join('');
  if (rest !== '') yield rest;
}
