import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openKeptImages } from '../src/stages/open-kept-images.js';

const folder = mkdtempSync(join(tmpdir(), 'evenset-kept-'));
afterAll(() => rm(folder, { recursive: true }));

/** Images of two bytes that say their number. */
const images = (...numbers: number[]) => Uint8Array.from(numbers.flatMap((n) => [n, 100 + n]));
/** Three images of an earlier run, which its store knows under other numbers. */
const earlier = {
  positions: Int32Array.of(4, 7, 9),
  read: (positions: ArrayLike<number>) => Promise.resolve(images(...Array.from(positions))),
};

describe('openKeptImages', () => {
  it('numbers the images of an earlier run first, then those that are added', async () => {
    const kept = await openKeptImages(earlier, join(folder, 'accepted'), 2);
    expect(kept.references().positions).toEqual(Int32Array.of(0, 1, 2));
    await kept.add(images(20, 21));
    await kept.add(images());
    await kept.add(images(22));
    const references = kept.references();
    const { positions } = references;
    expect(positions).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
    expect(Uint8Array.from(await references.read(positions))).toEqual(images(4, 7, 9, 20, 21, 22));
    expect(Uint8Array.from(await references.read([1, 2, 4]))).toEqual(images(7, 9, 21));
    await kept.close();
  });

  it('leaves no file behind', async () => {
    const kept = await openKeptImages(earlier, join(folder, 'accepted'), 2);
    await kept.add(images(20));
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^accepted\..*\.tmp$/)]);
    await kept.close();
    expect(readdirSync(folder)).toEqual([]);
  });
});
