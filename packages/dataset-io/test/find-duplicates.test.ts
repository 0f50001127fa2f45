import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../src/decode/decode-image.js';
import { decodeOptions } from '../src/decode/decode-options.js';
import { findDuplicates } from '../src/duplicates/find-duplicates.js';

const options = decodeOptions.parse({ channels: 3 });

/** A picture of some bright ellipses on a slope, each number another one. */
function picture(number: number): Promise<Buffer> {
  let state = number * 7919 + 1;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const colour = () => `rgb(${[0, 0, 0].map(() => Math.floor(256 * random())).join(',')})`;
  const shapes = Array.from({ length: 6 }, () => {
    const [x, y, a, b] = [96 * random(), 96 * random(), 8 + 24 * random(), 8 + 24 * random()];
    return `<ellipse cx="${x}" cy="${y}" rx="${a}" ry="${b}" fill="${colour()}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="${colour()}"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
}

async function* hashesOf(files: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const file of files) yield await Promise.resolve(createHash('sha256').update(file).digest());
}

/** Image files as a store holds them; its content is the files'. */
async function storeOf(files: readonly Buffer[]) {
  const images = await Promise.all(
    files.map(async (file) => (await decodeImage(file, options)).pixels),
  );
  return {
    count: files.length,
    size: options.size,
    channels: 3 as const,
    hashes: () => hashesOf(files),
    read: (positions: ArrayLike<number>) =>
      Promise.resolve(
        Uint8Array.from(Buffer.concat(Array.from(positions, (at) => images[at] ?? Buffer.of()))),
      ),
  };
}

const originals = await Promise.all(Array.from({ length: 60 }, (_, i) => picture(i)));

describe('findDuplicates', () => {
  it('finds nothing among different pictures', async () => {
    const { groups, contents, near } = await findDuplicates(await storeOf(originals));
    const own = Int32Array.from(originals.keys());
    expect([groups, contents, near]).toEqual([own, own, []]);
  });

  it.each([
    ['a JPEG', (file: Buffer) => sharp(file).jpeg({ quality: 75 }).toBuffer()],
    ['of another size', (file: Buffer) => sharp(file).resize(64).png().toBuffer()],
    ['a little brighter', (file: Buffer) => sharp(file).linear(1.03, 1).png().toBuffer()],
    ['mirrored', (file: Buffer) => sharp(file).flop().webp({ quality: 90 }).toBuffer()],
    ['the same pixels', (file: Buffer) => sharp(file).png({ compressionLevel: 0 }).toBuffer()],
  ])('finds every picture that is there again as %s', async (how, change) => {
    const changed = await Promise.all(originals.map(change));
    const { groups, contents, near } = await findDuplicates(
      await storeOf([...originals, ...changed]),
    );
    expect(near.map(({ first, second }) => [first, second])).toEqual(
      originals.map((_, i) => [i, 60 + i]),
    );
    expect(near.every(({ isMirrored }) => isMirrored === (how === 'mirrored'))).toBe(true);
    expect(near.every(({ distance }) => (distance === 0) === (how === 'the same pixels'))).toBe(
      true,
    );
    expect(groups).toEqual(Int32Array.from({ length: 120 }, (_, i) => i % 60));
    expect(contents).toEqual(Int32Array.from({ length: 120 }, (_, i) => i));
  });

  it('groups files of the same content, and what is near to any of them', async () => {
    const [a, b] = [originals[0] ?? Buffer.of(), originals[1] ?? Buffer.of()];
    const near = await sharp(a).jpeg({ quality: 90 }).toBuffer();
    const nearest = await sharp(near).flop().jpeg({ quality: 90 }).toBuffer();
    const found = await findDuplicates(await storeOf([b, a, nearest, a, near, b, near]));
    expect(found.contents).toEqual(Int32Array.of(0, 1, 2, 1, 4, 0, 4));
    expect(found.groups).toEqual(Int32Array.of(0, 1, 1, 1, 1, 0, 1));
    expect(found.near.map(({ first, second }) => [first, second])).toEqual([
      [1, 2],
      [1, 4],
      [2, 4],
    ]);
  });

  it('joins plain images of one grey, and no dark images that are different', async () => {
    const raw = { width: 64, height: 64, channels: 3 } as const;
    const plain = (level: number, compressionLevel: number) =>
      sharp(Buffer.alloc(64 * 64 * 3, level), { raw })
        .png({ compressionLevel })
        .toBuffer();
    const dark = originals.slice(0, 20).map((file) => sharp(file).linear(0.05, 0).png().toBuffer());
    const greys = [plain(10, 9), plain(200, 9), plain(10, 0), plain(90, 9)];
    const { groups } = await findDuplicates(await storeOf(await Promise.all([...greys, ...dark])));
    expect(groups).toEqual(Int32Array.from({ length: 24 }, (_, i) => (i === 2 ? 0 : i)));
  });

  it('joins many images that are all alike, and lists only some of their pairs', async () => {
    const [file = Buffer.of()] = originals;
    const { pixels } = await decodeImage(file, options);
    const count = 600;
    const imageAt = (at: number) => pixels.map((value, i) => (i === at ? value ^ 1 : value));
    const { groups, near } = await findDuplicates({
      count,
      size: options.size,
      channels: 3,
      hashes: () => hashesOf(Array.from({ length: count }, (_, at) => Buffer.from(String(at)))),
      read: (positions) =>
        Promise.resolve(Uint8Array.from(Buffer.concat(Array.from(positions, imageAt)))),
    });
    expect(groups).toEqual(new Int32Array(count));
    expect(near.length).toBeGreaterThanOrEqual(count - 1);
    expect(near.length).toBeLessThanOrEqual(8 * count);
  });

  it('tells how far it is, and stops where it is asked to', async () => {
    const store = await storeOf(originals);
    const slow = {
      ...store,
      read: async (positions: ArrayLike<number>) => {
        await setTimeout(100);
        return store.read(positions);
      },
    };
    const shares: number[] = [];
    await findDuplicates(slow, { onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(0);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect([shares.at(0), shares.at(-1)].every((share = -1) => share >= 0 && share <= 1)).toBe(
      true,
    );

    const stop = new AbortController();
    const onProgress = () => {
      stop.abort(new Error('enough'));
    };
    const stopped = findDuplicates(slow, { signal: stop.signal, onProgress });
    await expect(stopped).rejects.toThrow('enough');
  });

  it('takes no store for an error that holds nothing', async () => {
    expect(await findDuplicates(await storeOf([]))).toEqual({
      groups: new Int32Array(0),
      contents: new Int32Array(0),
      near: [],
    });
  });
});
