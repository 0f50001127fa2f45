import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of a checkpoint file in hex: the `generator` of the rows it made. */
export async function generatorHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
