import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodeImage, decodeOptions } from '../src/index.js';
import { decodeBatch } from '../src/decode/decode-batch.js';
import { greyPng, png, temporaryFolder, writeFiles } from './fixtures.js';

const options = decodeOptions.parse({ size: 16 });
const memoryFor = (count: number) => new SharedArrayBuffer(count * 16 * 16 * 3);

it('knows of each image what it is alone, whoever decodes it and whatever lies between', async () => {
  const folder = temporaryFolder();
  const noise = Buffer.from(Array.from({ length: 900 * 900 * 3 }, (_, i) => (i * i * 31) % 251));
  const large = sharp(noise, { raw: { width: 900, height: 900, channels: 3 } });
  const files = {
    'plain.png': await png(10),
    'other.webp': await sharp(await png(90))
      .webp()
      .toBuffer(),
    'damaged.png': 'no image',
    'grey.png': await greyPng(7),
    'turned.jpg': await sharp(await png(30, { width: 20 }))
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer(),
    // Longer than what files are read into one after another.
    'large.png': await large.png({ compressionLevel: 0 }).toBuffer(),
    'last.png': await png(200, { width: 40, height: 30 }),
  };
  await writeFiles(folder, files);
  const names = [...Object.keys(files), 'missing.png'];
  const sources = names.map((name) => join(folder, name));
  const memory = memoryFor(sources.length + 1);
  const batch = await decodeBatch({
    sources: [...sources, await png(55)],
    below: undefined,
    options,
    memory,
  });

  expect([...batch.failures.keys()].sort()).toEqual([2, 7]);
  expect(batch.unread).toEqual([]);
  const readable = sources.filter((_, place) => !batch.failures.has(place));
  const bytes = [...(await Promise.all(readable.map((file) => readFile(file)))), await png(55)];
  const alone = await Promise.all(bytes.map((one) => decodeImage(one, options)));
  expect(Buffer.from(batch.pixels)).toEqual(Buffer.concat(alone.map(({ pixels }) => pixels)));
  expect([...batch.channels]).toEqual(alone.map(({ channels }) => channels));
  expect([...batch.sizes]).toEqual(alone.flatMap(({ width, height }) => [width, height]));
  const hashes = bytes.map((one) => createHash('sha256').update(one).digest());
  expect(Buffer.from(batch.sha256)).toEqual(Buffer.concat(hashes));
  const lengths = batch.stamps.filter((_, i) => i % 3 === 0);
  expect([...lengths]).toEqual([...bytes.slice(0, -1).map(({ length }) => length), 0]);
});

it('holds nothing where no image can be read', async () => {
  const sources = [{ reason: 'the path is null' }, '/nowhere.png'];
  const batch = await decodeBatch({ sources, below: undefined, options, memory: memoryFor(2) });
  expect(batch.failures.get(0)).toBe('the path is null');
  expect([batch.pixels, batch.sha256, batch.channels].map(({ length }) => length)).toEqual([
    0, 0, 0,
  ]);
});
