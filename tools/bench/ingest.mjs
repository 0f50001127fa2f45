// Scan and decode of 10,000 small files, beside a PIL + torchvision loader; and memory at ten times as many rows.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { measure, median, pythonWith } from '../lib/measure.mjs';

const FILES = 10_000;
const CLASSES = 10;
/** Side length of the files, and of what the model sees. */
const FILE_SIZE = 64;
const MODEL_SIZE = 32;
/** Runs of each side, in turns. */
const ROUNDS = 3;
/** Rows per file in the memory measurement. */
const REPEATS = 10;

const own = fileURLToPath(new URL('ingest/own.mjs', import.meta.url));
const peer = fileURLToPath(new URL('ingest/peer.py', import.meta.url));

/** @returns the figures, as `npm run bench` prints them */
export async function run() {
  const python = await pythonWith('torchvision', 'python3-torchvision');
  const folder = await mkdtemp(join(tmpdir(), 'evenset-ingest-'));
  try {
    await writeImages(join(folder, 'images'));
    const images = join(folder, 'images');
    const ours = [];
    const theirs = [];
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push(await measure(python, [peer, images, String(MODEL_SIZE)]));
      ours.push(await runOwn(images, join(folder, `cache-${round}`), 1));
    }
    const many = await runOwn(images, join(folder, 'cache-many'), REPEATS);
    const speed = rateOf(ours);
    const peerSpeed = rateOf(theirs);
    return [
      {
        name: `scan and decode ${FILES} PNG and JPEG files`,
        value: speed,
        unit: 'images/s',
        peer: peerSpeed,
        ratio: speed / peerSpeed,
        goal: 'ratio 3',
      },
      memory(ours[0], theirs[0]),
      memory(many),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A run with a new cache; every repeat names the same files in more rows. */
async function runOwn(images, cache, repeats) {
  const result = await measure(process.execPath, [
    own,
    images,
    String(MODEL_SIZE),
    cache,
    String(repeats),
  ]);
  await rm(join(images, `labels-${repeats}.arrow`));
  return result;
}

function rateOf(runs) {
  return median(runs.map(({ images, seconds }) => images / seconds));
}

function memory({ images, residentMB }, theirs) {
  return {
    name: `resident memory at ${images} rows`,
    value: residentMB,
    unit: 'MB',
    peer: theirs?.residentMB,
    ratio: theirs ? residentMB / theirs.residentMB : undefined,
    goal: 'below 700',
  };
}

/** Colour pictures of smooth shapes with some grain, half of them PNG and half JPEG, the same ones every time. */
async function writeImages(folder) {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let label = 0; label < CLASSES; label++) {
    await mkdir(join(folder, `class-${label}`), { recursive: true });
  }
  for (let i = 0; i < FILES; i++) {
    const pixels = new Uint8Array(FILE_SIZE * FILE_SIZE * 3);
    const [fx, fy, phase] = [next() / 8, next() / 8, next() * 7];
    for (let at = 0; at < pixels.length; at++) {
      const [x, y] = [Math.floor(at / 3) % FILE_SIZE, Math.floor(at / 3 / FILE_SIZE)];
      pixels[at] = 128 + 90 * Math.sin(fx * x + fy * y + phase + (at % 3)) + 20 * next();
    }
    const image = sharp(pixels, { raw: { width: FILE_SIZE, height: FILE_SIZE, channels: 3 } });
    const isPng = i % 2 === 0;
    const bytes = await (isPng ? image.png() : image.jpeg({ quality: 90 })).toBuffer();
    const name = `${String(i).padStart(5, '0')}.${isPng ? 'png' : 'jpg'}`;
    await writeFile(join(folder, `class-${i % CLASSES}`, name), bytes);
  }
}
