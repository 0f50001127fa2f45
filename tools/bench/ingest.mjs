// Scan and decode of small files, alone and with what it made read back, beside a PIL + torchvision loader; and memory
// at many times as many files.
import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { measure, median, pythonWith } from '../lib/measure.mjs';

/**
 * Side length of the files in pixels, and their number: what comes once for a set weighs less in a larger one; and how
 * many names each file has where memory is measured.
 */
const SETS = [
  { side: 28, files: 10_000, names: 100 },
  { side: 28, files: 40_000, names: 1 },
  { side: 64, files: 10_000, names: 10 },
  { side: 256, files: 2_000, names: 10 },
];
const CLASSES = 10;
/** Side length of what the model sees. */
const MODEL_SIZE = 32;
/** Runs of each side, in turns. */
const ROUNDS = 3;

const own = fileURLToPath(new URL('ingest/own.mjs', import.meta.url));
const peer = fileURLToPath(new URL('ingest/peer.py', import.meta.url));

/** @returns the figures, as `npm run bench` prints them */
export async function run() {
  const python = await pythonWith('torchvision', 'python3-torchvision');
  const figures = [];
  for (const set of SETS) figures.push(...(await compare(set, python)));
  return figures;
}

async function compare({ side, files, names }, python) {
  const folder = await mkdtemp(join(tmpdir(), 'evenset-ingest-'));
  try {
    const images = join(folder, 'images');
    await writeImages(images, files, side);
    // So that nothing is timed while the disk is still busy with that.
    if (process.platform !== 'win32') execFileSync('sync');
    const ours = [];
    const theirs = [];
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push(await measure(python, [peer, images, String(MODEL_SIZE)]));
      ours.push(await runOwn(images, join(folder, `cache-${round}`)));
    }
    const many = names > 1 ? [await measureMany(images, folder, names)] : [];
    const peerSpeed = rateOf(
      theirs.map(({ seconds }) => seconds),
      files,
    );
    const speed = (what, seconds) => {
      const value = rateOf(seconds, files);
      const name = `${what}, ${files} PNG and JPEG files, ${side}x${side}`;
      const ratio = value / peerSpeed;
      return { name, value, unit: 'images/s', peer: peerSpeed, ratio, goal: 'ratio 3' };
    };
    return [
      speed(
        'scan and decode',
        ours.map(({ scanSeconds }) => scanSeconds),
      ),
      speed(
        'scan, decode and read back',
        ours.map(({ seconds }) => seconds),
      ),
      memory(ours[0], side, theirs[0]),
      ...many.map((one) => memory(one, side)),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A run with a new cache. */
async function runOwn(images, cache) {
  const result = await measure(process.execPath, [own, images, String(MODEL_SIZE), cache]);
  await rm(join(images, 'labels.arrow'));
  await rm(cache, { recursive: true });
  return result;
}

/** A run over as many files as the images would be with other names for each. */
async function measureMany(images, folder, names) {
  const many = join(folder, 'many');
  for (const label of await readdir(images)) {
    await mkdir(join(many, label), { recursive: true });
    for (const file of await readdir(join(images, label))) {
      for (let name = 0; name < names; name++) {
        await link(join(images, label, file), join(many, label, `${name}-${file}`));
      }
    }
  }
  return runOwn(many, join(folder, 'cache-many'));
}

function rateOf(seconds, files) {
  return files / median(seconds);
}

function memory({ images, residentMB }, side, theirs) {
  return {
    name: `resident memory at ${images} files, ${side}x${side}`,
    value: residentMB,
    unit: 'MB',
    peer: theirs?.residentMB,
    ratio: theirs ? residentMB / theirs.residentMB : undefined,
    goal: 'below 700',
  };
}

/** Colour pictures of smooth shapes with some grain, half of them PNG and half JPEG, the same ones every time. */
async function writeImages(folder, files, side) {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let label = 0; label < CLASSES; label++) {
    await mkdir(join(folder, `class-${label}`), { recursive: true });
  }
  for (let i = 0; i < files; i++) {
    const pixels = new Uint8Array(side * side * 3);
    const [fx, fy, phase] = [next() / 8, next() / 8, next() * 7];
    for (let at = 0; at < pixels.length; at++) {
      const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
      pixels[at] = 128 + 90 * Math.sin(fx * x + fy * y + phase + (at % 3)) + 20 * next();
    }
    const image = sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
    const isPng = i % 2 === 0;
    const bytes = await (isPng ? image.png() : image.jpeg({ quality: 90 })).toBuffer();
    const name = `${String(i).padStart(5, '0')}.${isPng ? 'png' : 'jpg'}`;
    await writeFile(join(folder, `class-${i % CLASSES}`, name), bytes);
  }
}
