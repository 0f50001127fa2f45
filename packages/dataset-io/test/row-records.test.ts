import { randomBytes } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRowRecords, readHashes, readRows } from '../src/decode/row-records.js';
import { openTemporary } from '../src/files/write-file-atomic.js';
import { temporaryFolder } from './fixtures.js';

it('keeps more hashes than wait in memory, in their order, and leaves no file behind', async () => {
  const folder = temporaryFolder();
  const entry = await openTemporary(join(folder, 'entry'));
  await entry.append(Buffer.from('pixels'));
  const records = openRowRecords(join(folder, 'records'));
  const [batches, images] = [900, 100];
  const hashes = randomBytes(batches * images * 32);
  for (let batch = 0; batch < batches; batch++) {
    const rows = Int32Array.from({ length: images }, (_, i) => 2 * (batch * images + i));
    await records.add(rows, hashes.subarray(batch * images * 32, (batch + 1) * images * 32));
  }
  await records.appendTo(entry);
  await entry.keepAs(join(folder, 'kept'));
  await records.close();

  const handle = await open(join(folder, 'kept'));
  const rows = await readRows(handle, 6, batches * images);
  expect(rows.every((row, i) => row === 2 * i)).toBe(true);
  const read: Buffer[] = [];
  for await (const some of readHashes(handle, 6, batches * images)) read.push(some);
  expect(Buffer.concat(read).equals(hashes)).toBe(true);
  await handle.close();
  expect(await readdir(folder)).toEqual(['kept']);
});
