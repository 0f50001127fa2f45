import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeFileAtomic } from '../src/index.js';
import { openTemporary, writeAtomic } from '../src/files/write-file-atomic.js';
import { temporaryFolder } from './fixtures.js';

it('replaces a file whole, and leaves nothing beside it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'sub', 'a.txt');
  await writeFileAtomic(file, Buffer.from('one'));
  await writeFileAtomic(file, Buffer.from('two'));
  expect(await readFile(file, 'utf8')).toBe('two');
  expect(await readdir(join(folder, 'sub'))).toEqual(['a.txt']);
});

it('keeps the old file, and passes the error on, when the new one fails half-way', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'a.txt');
  await writeFile(file, 'old');
  const failing = writeAtomic(file, async (handle) => {
    await handle.writeFile('half of it');
    throw new RangeError('no more');
  });
  await expect(failing).rejects.toThrow(RangeError);
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.txt']);
});

it('passes an interruption on as it is', async () => {
  const file = join(temporaryFolder(), 'a.txt');
  const signal = AbortSignal.abort();
  const interrupted = writeAtomic(file, () => {
    signal.throwIfAborted();
    return Promise.resolve();
  });
  await expect(interrupted).rejects.toMatchObject({ name: 'AbortError' });
});

it('names the file that the system does not let it write', async () => {
  const file = join(temporaryFolder(), 'a.txt');
  await writeFile(file, '');
  await expect(writeFileAtomic(join(file, 'b'), Buffer.from('x'))).rejects.toThrow(
    /^Cannot write .*a\.txt\/b: E[A-Z]+: /,
  );
});

it('stores what it is given piece by piece, and keeps nothing that the disk did not take', async () => {
  const folder = temporaryFolder();
  const piece = Buffer.alloc(5 << 20, 7);
  const whole = await openTemporary(join(folder, 'whole'));
  for (let i = 0; i < 4; i++) await whole.append(piece);
  await whole.keepAs(join(folder, 'whole'));
  expect((await readFile(join(folder, 'whole'))).equals(Buffer.alloc(20 << 20, 7))).toBe(true);

  const failing = await openTemporary(join(folder, 'failing'));
  failing.handle.datasync = () => Promise.reject(new Error('the disk is broken'));
  for (let i = 0; i < 4; i++) await failing.append(piece);
  await expect(failing.keepAs(join(folder, 'failing'))).rejects.toThrow('the disk is broken');
  await failing.close();
  expect(await readdir(folder)).toEqual(['whole']);
});
